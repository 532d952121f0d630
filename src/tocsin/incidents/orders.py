"""The orders of the list of incidents: each a number that no two incidents share, so that a page begins where another ended.

Each filter that a list has by itself is an index in the newest order too, so that a page of it is read, not searched for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    DurationField,
    Expression,
    ExpressionWrapper,
    F,
    Index,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Extract, Least

from tocsin.incidents.search import STILL_OPEN, Asked, BadSearch, Sort, View
from tocsin.incidents.triage.severity import Severity

# Ids are smaller than either; seconds of 34 years, or since this begin until 2053, times the latter still fit into 64 bits.
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_MOST_BY_SEVERITY = 2**44
_MOST_BY_LENGTH = 2**33
_MOST_SECONDS = 2**30 - 1

IS_OPEN = Q(resolved_at=None, closed_at=None)
ENDED = Q(resolved_at__isnull=False)
_RANKS = [When(severity=each.value, then=Value(rank)) for rank, each in enumerate(Severity, 1)]
_RANK = Case(*_RANKS, default=Value(0), output_field=BigIntegerField())
BY_SEVERITY = ExpressionWrapper(_RANK * Value(_MOST_BY_SEVERITY) - F("id"), output_field=BigIntegerField())
_LENGTH = ExpressionWrapper(F("resolved_at") - F("triggered_at"), output_field=DurationField())
_SECONDS = Cast(Extract(_LENGTH, "epoch"), BigIntegerField())
BY_LENGTH = ExpressionWrapper(
    Least(_SECONDS, Value(_MOST_SECONDS)) * Value(_MOST_BY_LENGTH) + F("id"), output_field=BigIntegerField()
)

_SINCE_BEGIN = ExpressionWrapper(
    F("triggered_at") - Value(BEGIN, output_field=DateTimeField()), output_field=DurationField()
)
BY_TRIGGER = ExpressionWrapper(
    Cast(Extract(_SINCE_BEGIN, "epoch"), BigIntegerField()) * Value(_MOST_BY_LENGTH) + F("id"),
    output_field=BigIntegerField(),
)

INDEXES = (
    Index(fields=["-id"], condition=IS_OPEN, name="incident_open"),
    Index(BY_SEVERITY, condition=IS_OPEN, name="incident_open_severity"),
    Index(BY_SEVERITY, name="incident_by_severity"),
    Index(BY_LENGTH, condition=ENDED, name="incident_by_length"),
    Index(BY_TRIGGER, name="incident_by_trigger"),
    Index(fields=["status", "-id"], name="incident_of_status"),
    Index(fields=["severity", "-id"], name="incident_of_severity"),
    Index(fields=["assignee", "-id"], name="incident_of_assignee"),
    Index(fields=["opened_by", "-id"], name="incident_of_trigger"),
    Index(fields=["environment", "-id"], name="incident_of_environment"),
)


def place_of(at: datetime) -> int:
    """A place in BY_TRIGGER that no incident has: those triggered before `at`, to the second, are before it."""
    return round((at - BEGIN).total_seconds()) * _MOST_BY_LENGTH - 1


@dataclass(frozen=True, slots=True)
class Order:
    """A number of each incident `among` some, and whether a list begins with the smallest."""

    number: Expression | F
    rises: bool
    among: Q = Q()  # noqa: RUF009  # never changed


def order_of(asked: Asked) -> Order:
    """The order of a list. Of open incidents, the one that was triggered first lasts longest. Raises BadSearch."""
    if asked.order is Sort.SEVERITY:
        return Order(BY_SEVERITY, rises=True)
    if asked.order not in (Sort.LONGEST, Sort.SHORTEST):
        # Days long past are found by the time; elsewhere the number that every index has serves as well.
        return Order(BY_TRIGGER if any(asked.span) else F("id"), rises=asked.order is Sort.OLDEST)
    if asked.view is View.ALL:
        raise BadSearch(
            "Open incidents have no time to resolve yet: order either the open ones by duration or the others."
        )
    if asked.view in STILL_OPEN:
        return Order(F("id"), rises=asked.order is Sort.LONGEST)
    return Order(BY_LENGTH, rises=asked.order is Sort.SHORTEST, among=ENDED)
