"""What an incident's page shows of its communication: the newest updates, by when the next is due, and the checklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.incidents import telling
from tocsin.incidents.audience import Moment
from tocsin.incidents.checklist import Line, State
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Incident
from tocsin.incidents.update_clocks import clock_of
from tocsin.incidents.updates import StatusUpdate
from tocsin.web.pages.triage import Deadline
from tocsin.workflows import communicating

MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What an incident's page shows of its updates: the newest, how many there are, and by when the next is due."""

    newest: list[StatusUpdate]
    earlier: list[StatusUpdate]
    deadline: Deadline | None
    # Who still reads that it goes on, though it is over: what they were told last says so.
    misled: list[str]

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        newest = self.newest[0].pk if self.newest else 0
        clock = f"{self.deadline.due.timestamp()}-{self.deadline.standing}" if self.deadline else ""
        return f"{newest}-{clock}-{len(self.misled)}"


@dataclass(frozen=True, slots=True)
class Checklist:
    """How an incident's checklist stands."""

    lines: list[Line]

    @property
    def done(self) -> int:
        """How many items are done."""
        return sum(line.state is State.DONE for line in self.lines)

    @property
    def wanted(self) -> int:
        """How many there are to do."""
        return sum(line.state is not State.NOT_NEEDED for line in self.lines)

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(line.state is State.LATE for line in self.lines)

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        return "-".join(f"{line.state}{line.done.by if line.done else ''}" for line in self.lines).replace(" ", "_")


def told_of(incident: Incident, now: datetime) -> Told:
    """The updates of an incident; three queries."""
    updates = list(telling.updates_of(incident).select_related("corrects"))
    newest = {update.audience: update.moment for update in reversed(updates)}
    misled = [] if is_open(Status(incident.status)) else sorted(a for a, m in newest.items() if m != Moment.RESOLVED)
    return Told(updates[:MOST_SHOWN], updates[MOST_SHOWN:], update_deadline(incident, now), misled)


def update_deadline(incident: Incident, now: datetime) -> Deadline | None:
    """By when the next update is due; None where none is."""
    clock = clock_of(incident)
    return Deadline(clock.due, clock.standing(now)) if clock else None


def checklist_of(incident: Incident, now: datetime) -> Checklist:
    """The checklist of an incident."""
    return Checklist(communicating.checklist_of(incident, now))
