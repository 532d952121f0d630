"""Schedules as they are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time

import pytest

from tests.oncall.schedules import layer, rotation, wall
from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.definition import changes, people_of, read, written
from tocsin.oncall.rotation import Unit
from tocsin.oncall.schedule import Layer, Restriction

NIGHTS = Restriction(frozenset({0, 6}), time(20), time(8, 30))
TWO = (layer(), layer("Nights", ("dave", "erin"), ("alice",), restrictions=(NIGHTS,), ends=wall("2026-06-01 08:00")))


def test_what_is_written_is_read_again() -> None:
    assert read(json.loads(json.dumps(written(TWO)))) == TWO


def test_the_people_are_named_once_each() -> None:
    assert people_of(TWO) == ["alice", "bob", "carol", "dave", "erin"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "no schedule of the format tocsin-schedule/1"),
        ({"format": "tocsin-schedule/2"}, "no schedule of the format tocsin-schedule/1"),
        ({"format": "tocsin-schedule/1"}, "Expected `array`"),
        ({"format": "tocsin-schedule/1", "layers": [{"name": "x"}]}, "missing required field `rotation`"),
    ],
)
def test_what_is_no_definition_is_refused(value: object, why: str) -> None:
    with pytest.raises(BadSchedule, match=why):
        read(value)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("zone", "Mars", "“Mars” is no time zone"),
        ("every", 0, "at least one hour"),
        ("turns", [], "at least one person"),
        ("start", "2026-03-02T09:00:00Z", "by the clock on the wall"),
        ("start", "9999-12-31T23:00:00", "by the clock on the wall"),
        ("unit", "years", "Invalid enum value 'years'"),
        ("turns", [["alice"]] * 201, "at most 200 turns"),
    ],
)
def test_a_rotation_that_makes_no_sense_is_refused_with_its_reason(field: str, value: object, why: str) -> None:
    told = written((layer(),))
    told["layers"][0]["rotation"][field] = value
    with pytest.raises(BadSchedule, match=why):
        read(told)


def test_layers_have_names_of_their_own() -> None:
    with pytest.raises(BadSchedule, match="a name of its own"):
        read(written((layer(), layer())))


@pytest.mark.parametrize("name", ["Night\x00", "Night\ud800"])
def test_what_no_database_keeps_is_refused(name: str) -> None:
    with pytest.raises(BadSchedule, match="can't be kept"):
        read(written((layer(name),)))
    with pytest.raises(BadSchedule, match="can't be kept"):
        read(written((layer("Night", (name,)),)))


def test_an_edit_is_told_in_words() -> None:
    daily = Layer("Primary", rotation(("alice",), unit=Unit.DAYS))
    assert changes(TWO, (daily, layer("Late"))) == (
        "added “Late”, removed “Nights”, changed “Primary” (people, length of a turn)"
    )
    assert changes(TWO, TWO[::-1]) == "another order of the layers"
    assert changes(TWO, (replace(TWO[0], restrictions=(NIGHTS,)), TWO[1])) == "changed “Primary” (hours)"
    assert changes(TWO, TWO) == ""
