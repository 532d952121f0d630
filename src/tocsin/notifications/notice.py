"""What there is to say: an event of an incident, or a word to a person, with the facts of that moment. Pure.

A notice is kept with its message, so that a repeat says the same as the first attempt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from tocsin.ground.plain import clipped, plain

LONGEST_TEXT = 2000
# Of what was bundled so many are named: a storm has thousands, and no room takes a message of that size.
MOST_NAMED = 20


class Kind(StrEnum):
    """What happened, or is wanted of whoever reads it."""

    NEW = "new"
    RAISED = "severity raised"
    LOWERED = "severity lowered"
    ACKNOWLEDGED = "acknowledged"
    MOVED = "stage changed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    DIAGNOSED = "diagnosed"
    ASSIGNED = "assigned"
    NOTE = "note"
    CLOCK = "not acknowledged"
    MERGED = "merged"
    UPDATE = "update"
    PAGE = "page"
    NAG = "nag"
    DUTY = "duty"
    TEST = "test"


# Kinds that call a person, who may stop that by acknowledging.
CALLS = frozenset({Kind.PAGE, Kind.NAG})


class Cause(msgspec.Struct, frozen=True):
    """The best explanation there was. `confidence` is a probability; `commands` are lines to type, in order."""

    summary: str
    confidence: float
    label: str
    explanation: str = ""
    commands: tuple[str, ...] = ()


class Facts(msgspec.Struct, frozen=True):
    """An incident as it stood. `severity` is the value, `scale` how the team says it; addresses are whole.

    `alert` is what its first alert says beyond its title, in one line.
    """

    number: int
    name: str
    title: str
    severity: str
    scale: str
    status: str
    project: str
    environment: str
    triggered_at: datetime
    url: str
    services: tuple[str, ...] = ()
    assignee: str = ""
    resolution: str = ""
    cause: Cause | None = None
    alert: str = ""


class Notice(msgspec.Struct, frozen=True):
    """Something to say. `text` is one sentence, `why` is why this reader hears of it, `more` what was bundled into it.

    `id` stays the same however often it is sent; `is_repeat` says that it may have been sent before. `hidden` is what only
    its reader may see of it: codes, and the keys of links.
    """

    id: str
    kind: Kind
    at: datetime
    text: str
    facts: Facts | None = None
    actor: str = ""
    why: str = ""
    answer_url: str = ""
    more: tuple[str, ...] = ()
    is_repeat: bool = False
    hidden: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What vendors recognise the incident by."""
        return f"tocsin-{self.facts.name}" if self.facts else f"tocsin-{self.id}"


_LEAD = {
    Kind.NEW: "New",
    Kind.RAISED: "Raised",
    Kind.LOWERED: "Lowered",
    Kind.RESOLVED: "Resolved",
    Kind.REOPENED: "Reopened",
    Kind.ACKNOWLEDGED: "Acknowledged",
    Kind.CLOSED: "Closed",
    Kind.CLOCK: "Not acknowledged",
    Kind.PAGE: "You are paged",
    Kind.NAG: "Still waiting for you",
}


def headline(notice: Notice) -> str:
    """One line that says it all: for subjects, push titles and text messages."""
    if notice.facts is None:
        return _again(notice, clipped(notice.text, 140))
    facts = notice.facts
    lead = _LEAD.get(notice.kind, "")
    said = f"{lead}: {facts.name}" if lead else facts.name
    return _again(notice, f"[{facts.scale}] {said} {clipped(facts.title, 120)}")


def _again(notice: Notice, line: str) -> str:
    return f"Repeat: {line}" if notice.is_repeat else line


def lines(notice: Notice) -> list[str]:
    """The body as plain lines: what happened, where, why (with confidence), what to type, and why the reader hears of it."""
    found = [clipped(_happened(notice), LONGEST_TEXT)]
    if facts := notice.facts:
        found += _facts(facts)
        found.append(facts.url)
    if notice.answer_url:
        found.append(f"Acknowledge: {notice.answer_url}")
    if notice.more:
        found += ["", "Also:", *(f"- {each}" for each in named(notice.more))]
    if notice.is_repeat:
        found.append("This may have reached you before: it was not certain.")
    if notice.why:
        found += ["", f"You get this because {plain(notice.why)}."]
    return found


def whole(notice: Notice) -> str:
    """The headline over the body. Without an incident both begin with the same sentence, which is said once."""
    return "\n".join([headline(notice), *lines(notice)] if notice.facts else lines(notice))


def _happened(notice: Notice) -> str:
    """What happened to an incident, with the person who did it; anything else speaks for itself."""
    is_by_somebody = notice.facts is not None and notice.actor not in ("", "tocsin")
    return f"{notice.actor}: {notice.text}" if is_by_somebody else notice.text


def named(more: Sequence[str]) -> list[str]:
    """What was bundled, as lines: the first of it by name, and how much else there is."""
    left = len(more) - MOST_NAMED
    return [*map(plain, more[:MOST_NAMED]), *([f"and {left} more"] if left > 0 else [])]


def _facts(facts: Facts) -> list[str]:
    services = f", services {', '.join(map(plain, facts.services))}" if facts.services else ""
    assignee = f", assigned to {plain(facts.assignee)}" if facts.assignee else ""
    where = f"{plain(facts.project)}/{plain(facts.environment)}{services}"
    found = ["", f"{facts.scale}, {facts.status}{assignee}. {where}. Since {facts.triggered_at:%Y-%m-%d %H:%M} UTC."]
    if facts.alert:
        found.append(f"The alert says: {plain(facts.alert)}")
    if cause := facts.cause:
        found += [f"Cause ({cause.label}, {cause.confidence:.0%}): {plain(cause.summary)}"]
        found += [f"  $ {plain(command)}" for command in cause.commands]
    return found
