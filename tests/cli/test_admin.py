"""The commands of whoever runs the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, refused


def test_a_person_is_added_with_a_password_from_standard_input(run: Run) -> None:
    done = run("user", "add", "alice", "--password-file", "-", "--output", "json", stdin="correct horse battery\n")
    assert json.loads(done.stdout) == {"name": "alice", "role": "responder", "added": True}


def test_a_cluster_is_set(run: Run, tmp_path: Path) -> None:
    (tmp_path / "snapshot.json").write_text("{}")
    done = run("cluster", "set", "shop/staging", "--snapshot", str(tmp_path / "snapshot.json"))
    assert done.exit_code == 0
    assert "shop/staging is new" in done.stdout
    listed = json.loads(run("cluster", "list", "--output", "json").stdout)
    assert ("shop/staging", "snapshot") in {(found["environment"], found["kind"]) for found in listed}


def test_an_environment_may_have_several_clusters(run: Run) -> None:
    for name in ("eu", "us"):
        made = run("cluster", "set", "many/production", "--name", name, "--agent", "--output", "json")
        assert len(json.loads(made.stdout)["token"]) > 30
    assert refused(run("cluster", "set", "many/production", "--in-cluster"), "has the clusters eu, us")
    assert run("cluster", "remove", "many/production", "eu").exit_code == 0
    listed = json.loads(run("cluster", "list", "--output", "json").stdout)
    assert [found["name"] for found in listed if found["environment"] == "many/production"] == ["us"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("user", "add", "Tocsin", "--password-file", "-"), "choose another name"),
        (("user", "add", "bob", "--password-file", "-"), "too short"),
        (("cluster", "set", "shop/x", "--snapshot", "/nowhere"), "there is no /nowhere"),
        (("cluster", "set", "shop/x", "--in-cluster", "--context", "a"), "choose one of"),
        (("cluster", "set", "shop/x", "--agent", "--prometheus", "http://p"), "asked by whoever looks"),
        (("cluster", "set", "shop/x", "--prometheus", "http://me:word@p"), "must not contain a user or password"),
        (("cluster", "remove", "shop/x", "nothing"), "has no cluster nothing"),
        (("agent", "--server", "http://tocsin.example", "--token-file", "t"), "use https://, or say --plain-http"),
        (("agent", "--server", "tocsin.example", "--token-file", "t"), "begins with https://"),
        (("agent", "--server", "https://tocsin.example", "--token-file", "/nowhere"), "there is no /nowhere"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(run: Run, arguments: tuple[str, ...], why: str) -> None:
    assert refused(run(*arguments, stdin="short\n"), why)
