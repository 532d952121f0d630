"""Whether a source's signals come in, and are understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, Q, Subquery, Sum

from tocsin.alerts.mapping import MAPPED
from tocsin.alerts.models import RepeatedSignal, Signal
from tocsin.catalog.models import HeldBack, Source, SourceMapping

RECENT = timedelta(hours=24)
# Only so many of the newest rejected signals are looked at: a list must open at once.
MOST_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of a source: its newest signal and why that was rejected (empty: it was not), how many were rejected
    in 24 hours, how many requests were held back since `held_back_since`, and for a mapped one whether it has rules."""

    source: Source
    last_at: datetime | None
    last_error: str
    is_last_lost: bool
    rejected: int
    held_back: int
    held_back_since: datetime
    lacks_mapping: bool = False

    @property
    def state(self) -> str:
        """revoked; rejecting: the newest was not understood; waiting: nothing ever came; troubled: something was not
        understood, held back, or can't be; or well."""
        if self.source.revoked_at is not None:
            return "revoked"
        if self.is_last_lost:
            return "rejecting"
        if self.lacks_mapping or self.rejected or self.held_back:
            return "troubled"
        return "waiting" if self.last_at is None else "well"

    @property
    def is_rejected_beyond_count(self) -> bool:
        """Whether there may be more rejected signals than were counted."""
        return self.rejected >= MOST_LOOKED_AT


def health_of(sources: Sequence[Source], now: datetime) -> list[Health]:
    """The health of each of these sources; six queries. Tests of our own don't count."""
    since = (now - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    last, rejected = _last(sources), _rejected(now)
    held_back = dict(
        HeldBack.objects.filter(source__in=sources, hour__gte=since).values_list("source").annotate(Sum("requests"))
    )
    live = SourceMapping.objects.filter(source__in=sources, live_at__isnull=False)
    mapped = set(live.values_list("source", flat=True))

    def health(source: Source) -> Health:
        at, error, is_lost = last.get(source.pk, (None, "", False))
        lacks_mapping = source.kind == MAPPED and source.pk not in mapped
        counts = (rejected[source.pk], held_back.get(source.pk, 0), since)
        return Health(source, at, error, is_lost, *counts, lacks_mapping)

    return [health(source) for source in sources]


def _last(sources: Sequence[Source]) -> dict[int, tuple[datetime, str, bool]]:
    """Of the newest signal of each source: when, its error, and whether nothing of it was understood."""
    of_source = Signal.objects.filter(source=OuterRef("pk"), is_test=False).order_by("-id").values("pk")[:1]
    newest = Source.objects.filter(pk__in=[source.pk for source in sources]).values_list(Subquery(of_source))
    found = Signal.objects.filter(pk__in=[pk for (pk,) in newest if pk is not None]).annotate(
        is_lost=Q(sealed_body__isnull=False)
    )
    again = dict(RepeatedSignal.objects.filter(source__in=sources).values_list("source").annotate(Max("last_at")))
    return {
        source: (max(at, again.get(source, at)), error, is_lost)
        for source, at, error, is_lost in found.values_list("source", "received_at", "error", "is_lost")
    }


def _rejected(now: datetime) -> Counter[int]:
    """How many signals of each source were rejected, wholly or in part, in 24 hours."""
    newest = Signal.objects.filter(is_test=False).exclude(error="").order_by("-id")[:MOST_LOOKED_AT]
    return Counter(source for source, at in newest.values_list("source", "received_at") if at > now - RECENT)
