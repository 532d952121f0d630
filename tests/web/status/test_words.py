"""How a status page says things."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.web.status import pages
from tocsin.incidents.uptime import Day, State
from tocsin.web.status.words import headline, lasting, of_day, of_days, percent

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(("share", "told"), [(1.0, "100.00 %"), (0.99999, "99.99 %"), (0.5, "50.00 %"), (None, "")])
def test_a_share_is_rounded_down(share: float | None, told: str) -> None:
    assert percent(share) == told


@pytest.mark.parametrize(("minutes", "told"), [(0, "1 min"), (42, "42 min"), (185, "3 h 5 min"), (3120, "2 d 4 h")])
def test_a_span_is_told_in_two_units_at_most(minutes: int, told: str) -> None:
    assert lasting(timedelta(minutes=minutes)) == told


def test_a_day_nobody_saw_is_not_called_a_good_one() -> None:
    assert of_day(Day(DAY, None, timedelta())) == "1 Mar 2026: not observed yet"


def test_quiet_days_are_told_in_a_word() -> None:
    quiet = Day(DAY, State.OPERATIONAL, timedelta())
    assert of_days((Day(DAY, None, timedelta()), quiet, quiet)) == "The last 2 days: operational throughout"


def test_an_incident_without_an_impact_is_still_told_of() -> None:
    from dataclasses import replace

    harmless = replace(pages.incident(), impact=State.OPERATIONAL)
    assert headline(pages.page(incidents=(harmless,))) == "All systems operational, with a notice"
