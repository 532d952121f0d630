"""What was read says who is on call as other calculations do: RFC 5545 for Grafana OnCall, the wall for PagerDuty."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from tests.oncall.imports import test_grafana_oncall as grafana
from tests.oncall.imports import test_pagerduty as pagerduty
from tests.oncall.schedules import utc, wall
from tocsin.oncall.clock import DAY, HOUR
from tocsin.oncall.imports.grafana_oncall import DAYS
from tocsin.oncall.schedule import Schedule, who_is_on_call

BERLIN = ZoneInfo("Europe/Berlin")
# Weeks before and after the change of the clock on 29 March; no hand-over is at an hour that it skips.
INSTANTS = st.integers(0, 60 * 24).map(lambda hours: utc(3, 10, 0, 30) + hours * HOUR)


@st.composite
def shifts(draw: st.DrawFn) -> dict[str, Any]:
    """Weekly and daily shifts of one or two people that can be told by weekly hours."""
    turns = draw(st.sampled_from([[["U1"]], [["U1"], ["U2"]], [["U2"], ["U1", "U2"]]]))
    start = wall("2026-03-02 04:00") + draw(st.integers(0, 6)) * DAY + draw(st.integers(0, 19)) * HOUR
    weekly = draw(st.booleans())
    days = draw(st.lists(st.sampled_from(DAYS), unique=True)) if weekly else []
    hours = draw(st.integers(1, 24 if days or not weekly else 7 * 24))
    frequency = {"frequency": "weekly" if weekly else "daily", "week_start": draw(st.sampled_from(DAYS))}
    return grafana.shift(
        rolling_users=turns, start=start.isoformat(), duration=hours * 3600, by_day=days or None, **frequency
    )


def first_day(shift: dict[str, Any], turn: int) -> datetime:
    """When a turn is on call first: a week or a day after the one before, or where its week has begun, when it comes again."""
    start, turns = datetime.fromisoformat(shift["start"]), len(shift["rolling_users"])
    unit = 7 * DAY if shift["frequency"] == "weekly" else DAY
    if not shift["by_day"]:
        return start + turn * unit
    week = start - ((start.weekday() - DAYS.index(shift["week_start"])) % 7) * DAY + turn * unit
    days = (week + round_ * turns * unit + day * DAY for round_ in range(2) for day in range(7))
    return next(day for day in days if day >= start and DAYS[day.weekday()] in shift["by_day"])


def on_call_by_calendar(shift: dict[str, Any], at: datetime) -> set[str]:
    """Each turn as an event of its own, which comes again after those of all the others."""
    found: set[str] = set()
    for number, turn in enumerate(shift["rolling_users"]):
        rule = {"freq": shift["frequency"], "interval": len(shift["rolling_users"]), "wkst": shift["week_start"]}
        first, event = first_day(shift, number), icalendar.Event()
        event.add("dtstart", first.replace(tzinfo=BERLIN))
        event.add("dtend", (first + timedelta(seconds=shift["duration"])).replace(tzinfo=BERLIN))
        event.add("rrule", rule | ({"byday": shift["by_day"]} if shift["by_day"] else {}))
        event.add("uid", str(number))
        calendar = icalendar.Calendar()
        calendar.add_component(event)
        near = recurring_ical_events.of(calendar).between(at, at + HOUR)
        found |= set(turn) if any(one.start <= at < one.end for one in near) else set()
    return found


@given(shifts(), INSTANTS)
def test_shifts_of_grafana_are_on_call_when_their_events_are(shift: dict[str, Any], at: datetime) -> None:
    assert set(who_is_on_call(Schedule(grafana.layers(shift)), at).people) == on_call_by_calendar(shift, at)


@st.composite
def layers(draw: st.DrawFn) -> dict[str, Any]:
    """Layers with turns of hours, days or weeks, always or kept to hours of the day or the week."""
    users = [
        {"user": {"id": person}}
        for person in draw(st.lists(st.sampled_from(["U1", "U2", "U3"]), min_size=1, max_size=4))
    ]
    begin = datetime(2026, 2, draw(st.integers(1, 28)), draw(st.integers(4, 23)), tzinfo=BERLIN)
    turn = draw(st.sampled_from([12 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY]))
    limits = st.builds(
        lambda day, hour, lasts: (
            {"start_time_of_day": f"{hour:02}:00:00", "duration_seconds": lasts * 3600}
            | ({"start_day_of_week": day} if day else {})
        ),
        st.none() | st.integers(1, 7),
        st.integers(4, 23),
        st.integers(1, 24),
    )
    return pagerduty.layer(
        users=users,
        start=(begin + draw(st.integers(0, 9)) * turn).isoformat(),
        rotation_virtual_start=begin.isoformat(),
        rotation_turn_length_seconds=int(turn.total_seconds()),
        restrictions=draw(st.lists(limits, max_size=2)),
    )


def on_call_by_walls(layer: dict[str, Any], at: datetime) -> set[str]:
    """Turns counted by what the clock on the wall has gone on, and the hours by what it shows."""
    shown = at.astimezone(BERLIN).replace(tzinfo=None)
    begin, start = (
        datetime.fromisoformat(layer[name]).replace(tzinfo=None) for name in ("rotation_virtual_start", "start")
    )
    turn = layer["users"][
        (shown - begin) // timedelta(seconds=layer["rotation_turn_length_seconds"]) % len(layer["users"])
    ]
    inside = not layer["restrictions"]
    for limit in layer["restrictions"]:
        for day in (shown.date(), shown.date() - DAY):
            opens = datetime.combine(day, time.fromisoformat(limit["start_time_of_day"]))
            if limit.get("start_day_of_week", day.isoweekday()) == day.isoweekday():
                inside |= opens <= shown < opens + timedelta(seconds=limit["duration_seconds"])
    return {turn["user"]["id"]} if inside and shown >= start else set()


@given(layers(), INSTANTS)
def test_layers_of_pagerduty_are_on_call_when_their_walls_say_so(layer: dict[str, Any], at: datetime) -> None:
    [made] = pagerduty.found(schedules=[pagerduty.schedule(layer)]).schedules
    assert set(who_is_on_call(Schedule(made.layers), at).people) == on_call_by_walls(layer, at)
