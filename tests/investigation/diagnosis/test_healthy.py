"""No healthy world, however tempting, makes a diagnosis raise a false alarm, or hides a true one."""

from functools import cache

import pytest

from tests.investigation.healthy import WORLDS
from tests.investigation.healthy.asked import ALERTS, asked_by
from tests.investigation.hostile import short_of_memory
from tests.investigation.library import library
from tocsin.investigation.diagnosis import Report, diagnose, parse_snapshot

MEDIUM = 0.6
ALL = pytest.mark.parametrize("name", sorted(WORLDS))
# Worlds in which everything of one namespace was read, and nobody asked about a part of it.
WHOLE = sorted(
    name for name, world in WORLDS.items() if world.start is library and not world.change.__module__.endswith(".asked")
)


@cache
def report(name: str) -> Report:
    return diagnose(parse_snapshot(WORLDS[name].document))


def test_there_are_many() -> None:
    assert len(WORLDS) >= 60


@ALL
def test_is_called_what_it_is_without_a_false_alarm(name: str) -> None:
    found = [held for held in report(name).hypotheses if held.confidence >= MEDIUM]
    assert [(held.cause, str(held.subject), held.confidence) for held in found] == []
    assert report(name).outcome == WORLDS[name].outcome


@pytest.mark.parametrize("name", WHOLE)
def test_nothing_is_said_to_be_wrong_elsewhere(name: str) -> None:
    assert report(name).elsewhere == ()


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_about_what_is_well_is_not_believed(alert: str) -> None:
    assert diagnose(parse_snapshot(asked_by(alert))).hypotheses == ()


@pytest.mark.parametrize("name", WHOLE)
def test_a_true_failure_beside_it_is_found_and_nothing_else(name: str) -> None:
    made = library()
    WORLDS[name].change(made)
    short_of_memory(made)
    first, *others = diagnose(parse_snapshot(made.document())).hypotheses
    assert (first.category, str(first.subject)) == ("memory", "Deployment/shop/catalog")
    assert [(held.cause, str(held.subject)) for held in others if held.confidence >= MEDIUM] == []
