"""Pingdom's checks."""

from __future__ import annotations

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload
from tocsin.alerts.sources.pingdom import EXAMPLE, parse


@pytest.mark.parametrize(("state", "firing"), [("DOWN", True), ("FAILING", True), ("UP", False), ("SUCCESS", False)])
def test_a_check_is_known_by_its_id_whatever_its_state(state: str, firing: bool) -> None:
    [alert] = parse(changed(EXAMPLE, current_state=state)).alerts
    assert (alert.identity, alert.firing) == ('["check","4711"]', firing)


def test_its_time_is_the_one_that_has_a_zone() -> None:
    assert str(parse(EXAMPLE).alerts[0].starts_at) == "2026-03-01 02:58:11+00:00"


def test_what_it_checks_is_its_link_and_the_probe_a_label() -> None:
    [alert] = parse(EXAMPLE).alerts
    assert (alert.links, alert.labels["probe"]) == ({"checked": "https://shop.example/"}, "Frankfurt, Germany")
    assert "node" not in alert.labels


def test_an_unknown_state_changes_nothing() -> None:
    assert "is UNKNOWN" in parse(changed(EXAMPLE, current_state="UNKNOWN")).note


def test_without_an_id_it_is_refused() -> None:
    with pytest.raises(BadPayload, match="no check_id"):
        parse(changed(EXAMPLE, check_id=None))
