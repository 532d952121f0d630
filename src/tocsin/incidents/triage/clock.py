"""By when an incident must be acknowledged, and how that stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.incidents.triage.matrix import Hours, Matrix
from tocsin.incidents.triage.severity import Severity

LEAST_NOTICE = timedelta(minutes=5)
MOST_NOTICE = timedelta(hours=1)


class Standing(StrEnum):
    """How the acknowledgement stands."""

    OK = "ok"
    AT_RISK = "at risk"
    BREACHED = "breached"
    IN_TIME = "in time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Clock:
    """From the trigger until the acknowledgement is due; `acknowledged_at` stops it."""

    triggered_at: datetime
    due: datetime
    acknowledged_at: datetime | None = None

    @property
    def at_risk_from(self) -> datetime:
        """When it begins to be at risk: in the last quarter, with 5 min to 1 h of notice, and never in the first half."""
        whole = self.due - self.triggered_at
        return self.due - min(max(whole / 4, LEAST_NOTICE), whole / 2, MOST_NOTICE)

    def standing(self, now: datetime) -> Standing:
        """How it stands at `now`."""
        if self.acknowledged_at is not None:
            return Standing.IN_TIME if self.acknowledged_at <= self.due else Standing.LATE
        if now >= self.due:
            return Standing.BREACHED
        return Standing.AT_RISK if now >= self.at_risk_from else Standing.OK


def due(severity: Severity, triggered_at: datetime, matrix: Matrix) -> datetime:
    """When an incident of that severity must be acknowledged, by that matrix. Raises calendar.NeverOpen."""
    level = matrix.levels[severity]
    if level.span is None:
        return matrix.calendar.next_business_day(triggered_at)
    if level.hours is Hours.BUSINESS:
        return matrix.calendar.after(triggered_at, level.span)
    return triggered_at + level.span
