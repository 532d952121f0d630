"""Whether signals come in at all: an empty list of incidents is good news only where they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from tocsin.alerts.models import Signal
from tocsin.catalog.models import Source

RECENT = timedelta(hours=24)
# Only so many of the newest signals, and of the rejected ones, are looked at: the list must open at once.
MOST_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Intake:
    """What came in: the newest signal that was accepted, the newest rejected, and how many were rejected in 24 hours."""

    has_source: bool
    accepted_at: datetime | None
    rejected_at: datetime | None = None
    rejected: int = 0

    @property
    def is_rejected_beyond_count(self) -> bool:
        """Whether there may be more rejected signals than were counted."""
        return self.rejected >= MOST_LOOKED_AT

    def state(self, now: datetime) -> str:
        """What no open incident means: no-source, rejecting (the newest was rejected), silent (none ever),
        stale (none for a day), or quiet: signals come in, and all is well."""
        if not self.has_source:
            return "no-source"
        if self.rejected_at is not None and (self.accepted_at is None or self.rejected_at > self.accepted_at):
            return "rejecting"
        if self.accepted_at is None:
            return "silent"
        return "stale" if now - self.accepted_at > RECENT else "quiet"


def intake(now: datetime, sources: QuerySet[Source], signals: QuerySet[Signal]) -> Intake:
    """What came in until `now` through these sources; at most four queries, each of at most MOST_LOOKED_AT rows.

    A signal that was accepted in part counts as both: accepted, and with something rejected. Tests of our own don't count.
    """
    has_source = sources.filter(revoked_at=None).exists()
    sent = signals.filter(is_test=False)
    newest = sent.order_by("-id").values_list("pk", flat=True).first()
    if newest is None:
        return Intake(has_source, None)
    accepted = sent.filter(pk__gt=newest - MOST_LOOKED_AT).exclude(body="").order_by("-id")
    rejected = (
        sent.exclude(error="")
        .order_by("-id")[:MOST_LOOKED_AT]
        .aggregate(recent=Count("pk", filter=Q(received_at__gt=now - RECENT)), newest=Max("received_at"))
    )
    accepted_at = accepted.values_list("received_at", flat=True).first()
    return Intake(has_source, accepted_at, rejected["newest"], rejected["recent"])
