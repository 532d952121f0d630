"""Who may do what, said on the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_admin import refused, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("user")
    assert "Nobody yet" in run(made, "user", "list").stdout
    run(made, "source", "add", "alertmanager", "shop/production")
    for name, role in (("root", "admin"), ("bob", "none")):
        added = run(made, "user", "add", name, "--role", role, "--password-file", "-", stdin="correct horse battery\n")
        assert added.stdout == f"Added {name} ({role}).\n", added.stderr
    return made


def people(folder: Path) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in json.loads(run(folder, "user", "list", "--output", "json").stdout)}


def test_somebody_is_made_a_member_and_no_member(folder: Path) -> None:
    assert run(folder, "user", "member", "bob", "shop", "responder").stdout == "bob is a responder in shop.\n"
    assert "bob: none; responder in shop" in run(folder, "user", "list").stdout
    run(folder, "user", "member", "bob", "shop", "none")
    assert people(folder)["bob"]["projects"] == {}


def test_a_role_is_given(folder: Path) -> None:
    run(folder, "user", "role", "bob", "viewer")
    assert people(folder)["bob"]["role"] == "viewer"


def test_another_password_leaves_the_role_unless_it_is_said(folder: Path) -> None:
    again = ("user", "add", "root", "--password-file", "-")
    assert run(folder, *again, stdin="battery staple correct\n").stdout == "Changed root (admin).\n"
    assert people(folder)["root"]["role"] == "admin"
    added = run(folder, "user", "add", "carol", "--password-file", "-", stdin="battery staple correct\n")
    assert added.stdout == "Added carol (responder).\n"
    run(folder, "user", "add", "carol", "--role", "viewer", "--password-file", "-", stdin="battery staple correct\n")
    assert people(folder)["carol"]["role"] == "viewer"


def test_somebody_is_shut_out_and_let_in_again(folder: Path) -> None:
    assert "can't come in" in run(folder, "user", "deactivate", "bob").stdout
    assert people(folder)["bob"]["active"] is False
    run(folder, "user", "activate", "bob")
    assert people(folder)["bob"]["active"] is True


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("user", "role", "root", "viewer"), "last admin"),
        (("user", "deactivate", "root"), "last admin"),
        (("user", "add", "root", "--role", "viewer", "--password-file", "-"), "last admin"),
        (("user", "role", "mallory", "viewer"), "nobody called “mallory”"),
        (("user", "member", "bob", "nowhere", "viewer"), "no project “nowhere”"),
    ],
)
def test_a_mistake_is_one_line(folder: Path, arguments: tuple[str, ...], why: str) -> None:
    assert refused(run(folder, *arguments, stdin="correct horse battery\n"), why)
