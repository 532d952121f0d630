"""Small schedules for tests: a week of alice, then bob, then carol, from Monday 2 March 2026 09:00 in Berlin."""

from __future__ import annotations

from datetime import UTC, datetime

from tocsin.oncall.clock import Span
from tocsin.oncall.rotation import Rotation, Unit
from tocsin.oncall.schedule import Absence, Kind, Layer, Override


def wall(text: str) -> datetime:
    """What a clock shows, such as 2026-03-02 09:00."""
    return datetime.fromisoformat(text)


MONDAY = wall("2026-03-02 09:00")
PEOPLE = (("alice",), ("bob",), ("carol",))


def utc(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def rotation(*turns: tuple[str, ...], unit: Unit = Unit.WEEKS, every: int = 1, start: datetime = MONDAY) -> Rotation:
    """A rotation of Berlin."""
    return Rotation(turns or PEOPLE, start, "Europe/Berlin", unit, every)


def layer(name: str = "Primary", *turns: tuple[str, ...], **values: object) -> Layer:
    """A layer with a weekly rotation."""
    return Layer(name, rotation(*turns), **values)  # type: ignore[arg-type]  # of the caller's choice


def override(kind: Kind, start: datetime, end: datetime, person: str = "", instead_of: str = "") -> Override:
    """An override by dave, who gives no reason."""
    return Override(kind, Span(start, end), person, instead_of, "dave")


def away(person: str, start: datetime, end: datetime, reason: str = "holiday") -> Absence:
    """An absence."""
    return Absence(person, Span(start, end), reason)
