"""`tocsin silence`."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run, refused


def test_a_silence_is_made_listed_and_ended(run: Run) -> None:
    made = run("silence", "add", "namespace=shop", "--reason", "an upgrade", "--for", "30m", "--output", "json")
    kept = json.loads(made.stdout)
    assert kept["matchers"] == ['namespace="shop"']
    assert "an upgrade" in run("silence", "list").stdout
    assert run("silence", "end", str(kept["id"])).stdout.startswith("Silence")
    assert refused(run("silence", "end", str(kept["id"])), "ended already")
    assert run("silence", "list").stdout == "Nothing is silenced.\n"


def test_a_recurring_one_follows_the_clock_of_its_zone(run: Run) -> None:
    asked = ("--from", "2099-07-05T02:00", "--zone", "Europe/Berlin", "--recurrence", "FREQ=WEEKLY;BYDAY=SU")
    made = run("silence", "add", "a=b", "--reason", "x", *asked, "--output", "json")
    assert json.loads(made.stdout)["active_from"] == "2099-07-05T00:00:00+00:00"
    listed = run("silence", "list").stdout
    assert "2099-07-05T00:00 to 2099-07-05T02:00 FREQ=WEEKLY;BYDAY=SU by Europe/Berlin  x: a=" in listed


def test_what_it_would_match_is_shown_without_keeping_it(run: Run) -> None:
    assert "0 firing alerts" in run("silence", "add", "never=so", "--reason", "x", "--preview").stdout
    assert "never" not in run("silence", "list").stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("a=~(b+)+",), "repeated"),
        ((), "would silence everything"),
        (("a=b", "--for", "soon"), "such as 30m"),
        (("a=b", "--zone", "Mars", "--from", "2099-01-01T00:00:00"), "no time zone"),
        (("a=b", "--environment", "no/where"), "no environment no/where"),
    ],
)
def test_a_mistake_is_one_line(run: Run, asked: tuple[str, ...], said: str) -> None:
    assert refused(run("silence", "add", *asked, "--reason", "x"), said)
