"""Which events of an incident there are to tell of, read from its timeline. Pure.

Whatever happens to an incident leaves an entry on its timeline, in the transaction in which it happens. A trigger of the
database (see the first migration) lays each entry into the outbox's inbox in that same transaction, so that nothing that
writes entries has to know who hears of them, and nothing can forget to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tocsin.incidents.lifecycle import ORDER, Status
from tocsin.incidents.triage import Severity
from tocsin.notifications.notice import Kind

_PLAIN = {
    "opened": Kind.NEW,
    "note": Kind.NOTE,
    "decision": Kind.NOTE,
    "assignment": Kind.ASSIGNED,
    "clock": Kind.CLOCK,
    "merge": Kind.MERGED,
}
_REACHED = {
    Status.ACKNOWLEDGED: Kind.ACKNOWLEDGED,
    Status.RESOLVED: Kind.RESOLVED,
    Status.CLOSED: Kind.CLOSED,
}


def kind_of(entry: str, reference: Mapping[str, Any]) -> Kind:
    """What an entry of this kind, with this reference, tells of."""
    was, to = str(reference.get("was", "")), str(reference.get("to", ""))
    if entry == "status" and was in ORDER and to in ORDER:
        return _move(Status(was), Status(to))
    if entry == "severity" and was in set(Severity) and to in set(Severity):
        return Kind.RAISED if Severity(to).rank < Severity(was).rank else Kind.LOWERED
    if entry == "analysis" and "ordinal" in reference:
        return Kind.DIAGNOSED
    if entry == "merge" and "into" in reference:
        return Kind.RESOLVED  # it goes on as a part of the other
    if entry == "clock" and reference.get("of") == "updates":
        return Kind.UPDATE  # whoever waits for news; the other clock is that of acknowledgement
    return _PLAIN.get(entry, Kind.UPDATE)


def _move(was: Status, to: Status) -> Kind:
    if ORDER.index(to) < ORDER.index(was):
        return Kind.REOPENED
    return _REACHED.get(to, Kind.MOVED)
