"""Who may do what, said on the server."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run, refused


@pytest.fixture(autouse=True)
def _two_people(run: Run) -> None:
    assert "Nobody yet" in run("user", "list").stdout
    run("source", "add", "alertmanager", "shop/production")
    for name, role in (("root", "admin"), ("bob", "none")):
        added = run("user", "add", name, "--role", role, "--password-file", "-", stdin="correct horse battery\n")
        assert added.stdout == f"Added {name} ({role}).\n", added.stderr


def people(run: Run) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in json.loads(run("user", "list", "--output", "json").stdout)}


def test_somebody_is_made_a_member_and_no_member(run: Run) -> None:
    assert run("user", "member", "bob", "shop", "responder").stdout == "bob is a responder in shop.\n"
    assert "bob: none; responder in shop" in run("user", "list").stdout
    run("user", "member", "bob", "shop", "none")
    assert people(run)["bob"]["projects"] == {}


def test_a_role_is_given(run: Run) -> None:
    run("user", "role", "bob", "viewer")
    assert people(run)["bob"]["role"] == "viewer"


def test_an_address_is_said_with_somebody_or_later(run: Run) -> None:
    run(
        "user", "add", "carol", "--email", "carol@tea.example", "--password-file", "-", stdin="battery staple correct\n"
    )
    assert run("user", "set", "bob", "--email", "bob@tea.example").stdout.endswith("of bob is bob@tea.example.\n")
    assert [people(run)[name]["email"] for name in ("bob", "carol")] == ["bob@tea.example", "carol@tea.example"]
    assert "has no e-mail address" in run("user", "set", "bob", "--email", "").stdout


def test_another_password_leaves_the_role_unless_it_is_said(run: Run) -> None:
    again = ("user", "add", "root", "--password-file", "-")
    assert run(*again, stdin="battery staple correct\n").stdout == "Changed root (admin).\n"
    assert people(run)["root"]["role"] == "admin"
    added = run("user", "add", "carol", "--password-file", "-", stdin="battery staple correct\n")
    assert added.stdout == "Added carol (responder).\n"
    run("user", "add", "carol", "--role", "viewer", "--password-file", "-", stdin="battery staple correct\n")
    assert people(run)["carol"]["role"] == "viewer"


def test_somebody_is_shut_out_and_let_in_again(run: Run) -> None:
    assert "can't come in" in run("user", "deactivate", "bob").stdout
    assert people(run)["bob"]["active"] is False
    run("user", "activate", "bob")
    assert people(run)["bob"]["active"] is True


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("user", "role", "root", "viewer"), "last admin"),
        (("user", "deactivate", "root"), "last admin"),
        (("user", "add", "root", "--role", "viewer", "--password-file", "-"), "last admin"),
        (("user", "role", "mallory", "viewer"), "nobody called “mallory”"),
        (("user", "set", "bob", "--email", "bob"), "“bob” is no e-mail address"),
        (("user", "member", "bob", "nowhere", "viewer"), "no project “nowhere”"),
    ],
)
def test_a_mistake_is_one_line(run: Run, arguments: tuple[str, ...], why: str) -> None:
    assert refused(run(*arguments, stdin="correct horse battery\n"), why)
