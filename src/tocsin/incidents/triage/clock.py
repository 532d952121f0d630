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
    """From the trigger, or the end of a silence, until the acknowledgement is due; `acknowledged_at` stops it."""

    since: datetime
    due: datetime
    acknowledged_at: datetime | None = None

    @property
    def at_risk_from(self) -> datetime:
        """When it begins to be at risk: in the last quarter, with 5 min to 1 h of notice, and never in the first half."""
        whole = self.due - self.since
        return self.due - min(max(whole / 4, LEAST_NOTICE), whole / 2, MOST_NOTICE)

    def standing(self, now: datetime) -> Standing:
        """How it stands at `now`."""
        if self.acknowledged_at is not None:
            return Standing.IN_TIME if self.acknowledged_at <= self.due else Standing.LATE
        if now >= self.due:
            return Standing.BREACHED
        return Standing.AT_RISK if now >= self.at_risk_from else Standing.OK


def due(severity: Severity, since: datetime, matrix: Matrix) -> datetime:
    """When an incident of that severity that waits since then must be acknowledged, by that matrix. Raises NeverOpen."""
    level = matrix.levels[severity]
    if level.span is None:
        return matrix.calendar.next_business_day(since)
    if level.hours is Hours.BUSINESS:
        return matrix.calendar.after(since, level.span)
    return since + level.span
