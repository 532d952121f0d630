"""Shifts laid out as a calendar: weeks of seven days, in lanes of cells that are as wide as they last. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tocsin.oncall.clock import DAY, Span, instant, shown
from tocsin.oncall.schedule import Schedule
from tocsin.oncall.shifts import Gap, Shift, gaps, gaps_of_parts, layer_shifts, parts, shifts, shifts_of_parts
from tocsin.oncall.walls import kept

COLUMN = timedelta(minutes=30)
COLUMNS_A_DAY = DAY // COLUMN
COLUMNS = 7 * COLUMNS_A_DAY
COLOURS = 8
# There is no room for a name in a cell that is narrower than this: it shows its first letters, and its title says the rest.
NARROW = COLUMNS_A_DAY // 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a lane, `columns` wide: a shift, a gap, or neither. Its times are whole, also where the week cuts it."""

    columns: int
    shift: Shift | None = None
    gap: Gap | None = None
    colour: int = 0
    starts: str = ""
    ends: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for a whole name."""
        return self.columns < NARROW


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of cells, COLUMNS wide together."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, with who is on call in the end and what each layer says."""

    days: tuple[date, ...]
    final: tuple[Lane, ...]
    layers: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    first: int
    last: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Layout:
    """What a calendar is drawn of: `first` is the day on the left; colours are by person."""

    first: date
    weeks: int
    zone: ZoneInfo
    colours: dict[str, int]

    @property
    def span(self) -> Span:
        """All of its time."""
        ends = (self.first, self.first + self.weeks * 7 * DAY)
        return Span(*(instant(datetime.combine(day, time()), self.zone) for day in ends))


def colours_of(people: Iterable[str]) -> dict[str, int]:
    """A colour for each, in their order; with many, some share one."""
    return {person: number % COLOURS for number, person in enumerate(dict.fromkeys(people))}


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - day.weekday() * DAY


def drawn(schedule: Schedule, layout: Layout, *, with_layers: bool) -> list[Week]:
    """A schedule's weeks. With layers, each is shown by itself below, the one that wins first."""
    whole = list(parts(schedule, layout.span))
    final: list[Shift | Gap] = [*shifts_of_parts(whole), *gaps_of_parts(whole)]
    below = [
        (layer.name, layer_shifts(schedule, layer, layout.span)) for layer in reversed(schedule.layers) if with_layers
    ]
    return [_week(layout, number, final, below) for number in range(layout.weeks)]


def together(schedules: Iterable[tuple[str, Schedule]], layout: Layout) -> Week:
    """The first week of several schedules, in lanes that have their names."""
    lanes: list[Lane] = []
    for name, schedule in schedules:
        lanes += _lanes(name, [*shifts(schedule, layout.span), *gaps(schedule, layout.span)], layout, layout.first)
    return Week(_days(layout.first), tuple(lanes), ())


def _days(first: date) -> tuple[date, ...]:
    return tuple(first + ahead * DAY for ahead in range(7))


def _week(
    layout: Layout, number: int, final: Sequence[Shift | Gap], below: Sequence[tuple[str, Sequence[Shift]]]
) -> Week:
    monday_of_it = layout.first + number * 7 * DAY
    layers = [lane for name, found in below for lane in _lanes(name, found, layout, monday_of_it)]
    return Week(_days(monday_of_it), tuple(_lanes("On call", final, layout, monday_of_it)), tuple(layers))


def _lanes(name: str, found: Sequence[Shift | Gap], layout: Layout, first_day: date) -> list[Lane]:
    """As few lanes as hold all without overlaps; one that is empty where there is nothing."""
    lanes: list[list[_Piece]] = [[]]
    for piece in sorted(_pieces(found, layout, first_day), key=lambda piece: (piece.first, -piece.last)):
        room = next((lane for lane in lanes if not lane or lane[-1].last <= piece.first), None)
        if room is None:
            lanes.append([piece])
        else:
            room.append(piece)
    return [Lane(name if number == 0 else "", tuple(_filled(lane))) for number, lane in enumerate(lanes)]


def _pieces(found: Sequence[Shift | Gap], layout: Layout, first_day: date) -> Iterable[_Piece]:
    start = datetime.combine(first_day, time())
    for each in found:
        ends = [shown(at, layout.zone) for at in (each.span.start, each.span.end)]
        first, last = (min(max(round((at - start) / COLUMN), 0), COLUMNS) for at in ends)
        if ends[0] < start + 7 * DAY and ends[1] > start:
            first = min(first, COLUMNS - 1)
            yield _Piece(first, max(last, first + 1), _cell(each, layout, max(last, first + 1) - first, ends))


def _cell(each: Shift | Gap, layout: Layout, columns: int, ends: Sequence[datetime]) -> Cell:
    starts, until = (kept(at) for at in ends)
    if isinstance(each, Gap):
        return Cell(columns, gap=each, starts=starts, ends=until)
    return Cell(columns, each, colour=layout.colours.get(each.person, 0), starts=starts, ends=until)


def _filled(lane: Sequence[_Piece]) -> Iterable[Cell]:
    at = 0
    for piece in lane:
        if piece.first > at:
            yield Cell(piece.first - at)
        yield piece.cell
        at = piece.last
    if at < COLUMNS:
        yield Cell(COLUMNS - at)
