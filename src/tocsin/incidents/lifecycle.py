"""Which moves an incident may make, as pure decisions: `move` says yes with the stages passed, or refuses by name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The stages, in their order."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    MITIGATING = "mitigating"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"
    CLOSED = "closed"


class Resolution(StrEnum):
    """How it ended."""

    FIXED = "fixed"
    RECOVERED = "recovered by itself"
    FALSE_ALARM = "false alarm"
    DUPLICATE = "duplicate"


ORDER = tuple(Status)
OPEN = ORDER[: ORDER.index(Status.RESOLVED)]


def incident_name(number: int) -> str:
    """How people call an incident: INC-023."""
    return f"INC-{number:03d}"


class IllegalMove(Exception):
    """A move the lifecycle does not know; the message names it and says what is possible."""


@dataclass(frozen=True, slots=True)
class Move:
    """A legal move. `reached` is the stage whose time is stamped, `left` those whose times are forgotten by a reopening."""

    reached: Status
    left: tuple[Status, ...] = ()
    reopens: bool = False


def is_open(status: Status) -> bool:
    """Whether the incident still needs somebody."""
    return status in OPEN


def move(current: Status, to: Status, *, reason: str = "", resolution: Resolution | None = None) -> Move:
    """The move from `current` to `to`.

    Forward skips are allowed, but for closing what is open: what its end calls for would never be done. Leaving the open
    stages needs a resolution; backwards only from resolved or later to an open stage, with a reason ("reopen"). Raises
    IllegalMove otherwise.
    """
    if current == to:
        raise IllegalMove(f"{current} → {to}: it already is {to}")
    if ORDER.index(to) > ORDER.index(current):
        if is_open(current) and to == Status.CLOSED:
            raise IllegalMove(f"{current} → {to}: resolve it first; its end decides whether it needs a postmortem")
        if is_open(current) and not is_open(to) and resolution is None:
            raise IllegalMove(f"{current} → {to}: say how it ended ({', '.join(Resolution)})")
        return Move(to)
    if is_open(current) or not is_open(to):
        raise IllegalMove(f"{current} → {to}: stages only go forward; what is over can be reopened, with a reason")
    if not reason.strip():
        raise IllegalMove(f"{current} → {to}: reopening needs a reason")
    return Move(to, left=ORDER[ORDER.index(to) + 1 :], reopens=True)


def next_moves(current: Status) -> tuple[Status, ...]:
    """Where it can go from here: what is ahead, or what a reopening leads to."""
    if is_open(current):
        return ORDER[ORDER.index(current) + 1 : ORDER.index(Status.RESOLVED) + 1]
    return (*ORDER[ORDER.index(current) + 1 :], Status.INVESTIGATING)
