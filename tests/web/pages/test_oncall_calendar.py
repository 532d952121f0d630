"""Shifts as a calendar."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from tests.oncall.schedules import layer, override, utc
from tocsin.oncall.schedule import Kind, Schedule
from tocsin.web.pages.oncall_calendar import COLUMNS, COLUMNS_A_DAY, Layout, Week, colours_of, drawn, monday, together

BERLIN = ZoneInfo("Europe/Berlin")
MARCH = Layout(date(2026, 3, 2), 2, BERLIN, colours_of(["alice", "bob"]))


def widths(week: Week) -> list[list[tuple[int, str]]]:
    """The cells of each lane on call: how wide, whose."""
    said = [[(cell.columns, cell.shift.person if cell.shift else "") for cell in lane.cells] for lane in week.final]
    assert all(sum(width for width, _ in lane) == COLUMNS for lane in said)
    return said


def test_a_week_is_as_wide_as_its_shifts_and_gaps_together() -> None:
    first, second = drawn(Schedule((layer(),)), MARCH, with_layers=False)
    assert widths(first) == [[(18, ""), (COLUMNS - 18, "alice")]]
    assert widths(second) == [[(18, "alice"), (COLUMNS - 18, "bob")]]
    assert first.final[0].cells[0].gap
    assert first.days[0] == date(2026, 3, 2)


def test_who_is_on_call_at_once_is_shown_in_lanes() -> None:
    pair = Schedule((layer("Pairs", ("alice", "bob")),))
    assert len(drawn(pair, MARCH, with_layers=False)[1].final) == 2


def test_a_cell_names_the_whole_shift_also_where_the_week_cuts_it() -> None:
    cell = drawn(Schedule((layer(),)), MARCH, with_layers=False)[1].final[0].cells[0]
    assert (cell.starts, cell.ends, cell.columns) == ("2026-03-02T09:00", "2026-03-09T09:00", 18)


def test_a_short_shift_is_seen_and_takes_no_room_from_others() -> None:
    short = override(Kind.REPLACE, utc(3, 4, 8, 5), utc(3, 4, 8, 10), "bob", "alice")
    week = drawn(Schedule((layer(),), overrides=(short,)), MARCH, with_layers=False)[0]
    assert "bob" in {person for lane in widths(week) for _, person in lane}


def test_the_day_that_is_an_hour_shorter_is_as_wide_as_the_others() -> None:
    spring = Layout(date(2026, 3, 23), 1, BERLIN, {})
    [week] = drawn(Schedule((layer(),)), spring, with_layers=True)
    assert widths(week) == [[(18, "carol"), (COLUMNS - 18, "alice")]]
    assert [lane.name for lane in week.layers] == ["Primary"]


def test_weeks_begin_on_mondays() -> None:
    assert monday(date(2026, 3, 8)) == date(2026, 3, 2)
    assert COLUMNS_A_DAY == 48


def test_schedules_stand_together_in_lanes_of_their_names() -> None:
    pair = Schedule((layer("Pairs", ("alice", "bob")),))
    week = together([("Shop", Schedule((layer(),))), ("Bank", pair)], Layout(date(2026, 3, 4), 1, BERLIN, {}))
    assert [lane.name for lane in week.final] == ["Shop", "Bank", ""]
    assert (week.days[0], week.days[-1]) == (date(2026, 3, 4), date(2026, 3, 10))
    assert widths(week)[0] == [(5 * COLUMNS_A_DAY + 18, "alice"), (COLUMNS - 5 * COLUMNS_A_DAY - 18, "bob")]
