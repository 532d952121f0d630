"""`tocsin silence`, on a data folder of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_admin import refused, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("silence")


def test_a_silence_is_made_listed_and_ended(folder: Path) -> None:
    made = run(folder, "silence", "add", "namespace=shop", "--reason", "an upgrade", "--for", "30m", "--output", "json")
    kept = json.loads(made.stdout)
    assert kept["matchers"] == ['namespace="shop"']
    assert "an upgrade" in run(folder, "silence", "list").stdout
    assert run(folder, "silence", "end", str(kept["id"])).stdout.startswith("Silence")
    assert refused(run(folder, "silence", "end", str(kept["id"])), "ended already")
    assert run(folder, "silence", "list").stdout == "Nothing is silenced.\n"


def test_a_recurring_one_follows_the_clock_of_its_zone(folder: Path) -> None:
    asked = ("--from", "2099-07-05T02:00", "--zone", "Europe/Berlin", "--recurrence", "FREQ=WEEKLY;BYDAY=SU")
    made = run(folder, "silence", "add", "a=b", "--reason", "x", *asked, "--output", "json")
    assert json.loads(made.stdout)["active_from"] == "2099-07-05T00:00:00+00:00"
    listed = run(folder, "silence", "list").stdout
    assert "2099-07-05T00:00 to 2099-07-05T02:00 FREQ=WEEKLY;BYDAY=SU by Europe/Berlin  x: a=" in listed


def test_what_it_would_match_is_shown_without_keeping_it(folder: Path) -> None:
    assert "0 firing alerts" in run(folder, "silence", "add", "never=so", "--reason", "x", "--preview").stdout
    assert "never" not in run(folder, "silence", "list").stdout


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
def test_a_mistake_is_one_line(folder: Path, asked: tuple[str, ...], said: str) -> None:
    assert refused(run(folder, "silence", "add", *asked, "--reason", "x"), said)
