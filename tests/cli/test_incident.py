"""`tocsin login` and `tocsin incident`, against a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_environment, make_incident, make_user
from tocsin.accounts.access import Role
from tocsin.accounts.tokens import make_token
from tocsin.cli import main
from tocsin.workflows.timers import sweep

Tocsin = Callable[..., Result]


@pytest.fixture
def tocsin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Tocsin:
    """The command line of somebody with an empty home."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("TOCSIN_SERVER", "TOCSIN_TOKEN", "TOCSIN_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words, stdin="": CliRunner().invoke(main, words, input=stdin)


@pytest.fixture
def alice(tocsin: Tocsin, live_server: LiveServer) -> Tocsin:
    """Alice's command line, logged in."""
    _, token = make_token(make_user("alice"), "laptop", Role.RESPONDER, timezone.now(), None)
    answer = tocsin("login", live_server.url, "--token-file", "-", stdin=f"{token}\n")
    assert "as alice (responder)" in answer.output
    return tocsin


def test_the_login_is_kept_for_its_owner_alone(alice: Tocsin, tmp_path: Path) -> None:
    kept = tmp_path / "tocsin" / "login.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())["token"].startswith("tocsin_")


def test_an_incident_is_declared_worked_on_and_resolved(alice: Tocsin) -> None:
    make_environment()
    declared = ("incident", "declare", "Checkout is down", "--environment", "shop/production", "--severity", "high")
    name = json.loads(alice(*declared, "--output", "json").stdout)["id"]
    assert "acknowledged" in alice("incident", "ack", name).output
    assert "alice's" in alice("incident", "assign", name, "alice").output
    assert "Noted" in alice("incident", "note", name, stdin="**rolled back**").output
    assert "Noted" in alice("incident", "note", name, "we", "roll", "back", "--decision").output
    assert "resolved" in alice("incident", "resolve", name, "--reason", "a rollback").output
    shown = json.loads(alice("incident", "show", name, "--output", "json").stdout)
    kinds = {"opened", "status", "assignment", "note", "decision"}
    assert (shown["resolution"], {line["kind"] for line in shown["timeline"]}) == ("fixed", kinds)


def test_an_incident_goes_through_its_stages(alice: Tocsin) -> None:
    name = make_incident(severity="low").name
    for stage in ("investigating", "mitigating"):
        assert f"{name} is {stage}." in alice("incident", "stage", name, stage).output
    assert "resolve it first" in alice("incident", "stage", name, "closed").stderr
    alice("incident", "resolve", name)
    late = alice("incident", "ack", name).stderr.splitlines()
    assert late == [f"tocsin: {name} is resolved already; `tocsin incident reopen` says that it is not over after all"]
    sweep(timezone.now())
    assert f"{name} is closed." in alice("incident", "stage", name, "closed").output


def test_a_decision_stands_out(alice: Tocsin) -> None:
    name = make_incident().name
    alice("incident", "note", name, "we", "roll", "back", "--decision")
    alice("incident", "note", name, "the", "cart", "is", "slow")
    shown = alice("incident", "show", name).output
    assert "alice decided: we roll back" in shown
    assert "alice: the cart is slow" in shown


def test_what_was_like_it_before_is_shown_with_the_reason(alice: Tocsin) -> None:
    before, incident = make_incident(), make_incident()
    told = alice("incident", "similar", incident.name).output.splitlines()
    assert told[0].startswith(before.name)
    assert told[1].strip() == "because: the same subject, shop/cart"
    assert alice("incident", "similar", before.name).output == "None before was like it.\n"


def test_the_list_shows_what_is_going_on(alice: Tocsin) -> None:
    make_incident("KubePodCrashLooping: shop/cart")
    make_incident("over", resolved_at=timezone.now(), status="resolved")
    listed = alice("incident", "list").output
    assert "KubePodCrashLooping: shop/cart" in listed
    assert "over" not in listed
    assert alice("incident", "list", "--mine").output == "No active incidents.\n"


def test_of_an_incident_without_a_cause_the_list_says_how_far_it_is(alice: Tocsin) -> None:
    make_incident("a", analysis="pending")
    make_incident("b", analysis="complete")
    listed = alice("incident", "list").output.splitlines()
    assert [line.strip() for line in listed[1::2]] == ["no cause found", "not looked into yet"]


def test_a_search_finds_by_words_and_filters(alice: Tocsin) -> None:
    make_incident("KubePodCrashLooping: shop/cart")
    make_incident("mended", resolved_at=timezone.now(), status="resolved")
    assert "shop/cart" in alice("incident", "list", "cart", "severity:high").output
    assert "mended" in alice("incident", "list", "is:all", "mended").output
    assert alice("incident", "list", "nonsense").output == "No such incidents.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("incident", "show", "99"), "There is no such incident."),
        (("incident", "show", "INC-x"), "say INC-023 or 23"),
        (("incident", "note", "1"), "the note is empty"),
        (("login", "https://a b:x/"), "is not an address"),
        (("login", "http://tocsin.example.org"), "readable; use https://"),
    ],
)
def test_a_mistake_ends_with_status_2_and_says_what_to_do(alice: Tocsin, words: tuple[str, ...], says: str) -> None:
    answer = alice(*words)
    assert (answer.exit_code, says in answer.output) == (2, True)


def test_what_the_server_refuses_is_said_in_its_words(alice: Tocsin) -> None:
    made = make_incident(status="acknowledged")
    answer = alice("incident", "ack", str(made.pk))
    assert (answer.exit_code, "it already is acknowledged" in answer.output) == (2, True)


def test_only_what_is_over_is_reopened(alice: Tocsin) -> None:
    made = make_incident()
    assert "only what is over" in alice("incident", "reopen", str(made.pk), "--reason", "x").output
    alice("incident", "resolve", str(made.pk))
    assert "is investigating" in alice("incident", "reopen", str(made.pk), "--reason", "it is back").output


def test_without_a_login_the_way_to_one_is_said(tocsin: Tocsin) -> None:
    answer = tocsin("incident", "list")
    assert (answer.exit_code, "tocsin login" in answer.output) == (2, True)


def test_a_server_that_is_away_is_one_line(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SERVER", "http://127.0.0.1:9")
    monkeypatch.setenv("TOCSIN_TOKEN", "x")
    answer = tocsin("incident", "list")
    assert (answer.exit_code, answer.output.count("\n"), "can't connect" in answer.output) == (2, 1, True)


def test_an_incident_is_merged_and_taken_out_again(alice: Tocsin) -> None:
    one, other = make_incident(), make_incident()
    merged = alice("incident", "merge", other.name, "--into", one.name, "--reason", "its disk")
    assert merged.output == f"{other.name} is part of {one.name} now.\n"
    assert alice("incident", "unmerge", other.name).output == f"{other.name} is triggered.\n"
