"""Hours, turns and shifts as people type them, one a line. Pure.

`Mon-Fri 09:00-17:00`; `alice`, or `alice, bob` for two at once; `alice, bob 2026-12-24 09:00 to 2026-12-25 09:00`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import time

from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.schedule import Restriction

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EXAMPLE = "Mon-Fri 09:00-17:00"
_LINE = re.compile(r"(?:(?P<days>[A-Za-z][A-Za-z,\s–-]*?)\s+)?(?P<opens>\d\d?:\d\d)\s*[–-]\s*(?P<closes>\d\d?:\d\d)")

SHIFT_EXAMPLE = "alice 2026-12-24 09:00 to 2026-12-25 09:00"
_TIME = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d)?"
_SHIFT = re.compile(
    rf"(?P<people>[^\s,]+(?:\s*,\s*[^\s,]+)*)\s+(?P<starts>{_TIME})\s*(?:to|until|[–-])?\s*(?P<ends>{_TIME})"
)


def read_hours(text: str) -> tuple[Restriction, ...]:
    """The restrictions of a text, without days for every day. Raises BadSchedule for the first line that is none."""
    return tuple(_restriction(line.strip()) for line in text.splitlines() if line.strip())


def hours_text(restrictions: Iterable[Restriction]) -> str:
    """Restrictions as they are typed."""
    return "\n".join(f"{_days_text(each.days)} {each.opens:%H:%M}-{each.closes:%H:%M}" for each in restrictions)


def read_turns(text: str) -> tuple[tuple[str, ...], ...]:
    """The turns of a text, one a line; several people in one are separated by commas."""
    lines = (tuple(name.strip() for name in line.split(",") if name.strip()) for line in text.splitlines())
    return tuple(turn for turn in lines if turn)


def turns_text(turns: Iterable[Iterable[str]]) -> str:
    """Turns as they are typed."""
    return "\n".join(", ".join(turn) for turn in turns)


def read_shifts(text: str) -> list[dict[str, str]]:
    """The shifts of a text, each with `person`, `starts` and `ends`; a line that names several people is one of each.

    Raises BadSchedule for the first line that is none.
    """
    found: list[dict[str, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        shift = _SHIFT.fullmatch(line)
        if shift is None:
            raise BadSchedule(f"“{line}” is no shift; write one such as {SHIFT_EXAMPLE}.")
        times = {name: shift[name] for name in ("starts", "ends")}
        found += ({"person": name.strip(), **times} for name in shift["people"].split(","))
    return found


def _restriction(line: str) -> Restriction:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadSchedule(f"“{line}” is no line of hours; write one such as {EXAMPLE}.")
    try:
        opens, closes = (time.fromisoformat(found[name].zfill(5)) for name in ("opens", "closes"))
    except ValueError as error:
        raise BadSchedule(f"“{line}” names no time of a day; write one such as {EXAMPLE}.") from error
    return Restriction(frozenset(_days(found["days"] or "Mon-Sun", line)), opens, closes)


def _days(text: str, line: str) -> Iterator[int]:
    for part in re.split(r"[,\s]+", re.sub(r"\s*[–-]\s*", "-", text.strip())):
        ends = [_day(name, line) for name in part.split("-")] if part else []
        if len(ends) == 2:
            yield from (day % 7 for day in range(ends[0], ends[1] + (7 if ends[1] < ends[0] else 0) + 1))
        else:
            yield from ends


def _day(name: str, line: str) -> int:
    short = name[:3].title()
    if short not in WEEKDAYS:
        raise BadSchedule(f"“{name}” in “{line}” is no weekday; write {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(short)


def _days_text(days: frozenset[int]) -> str:
    """Days as ranges: Mon-Wed, Fri."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = ((WEEKDAYS[run[0]], WEEKDAYS[run[-1]]) for run in runs)
    return ", ".join(first if first == last else f"{first}-{last}" for first, last in named)
