"""Words for values: durations, percentages, states. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

STATUS_VERBS = {
    "acknowledged": "Acknowledge",
    "investigating": "Start investigating",
    "mitigating": "Start mitigating",
    "resolved": "Resolve",
    "postmortem": "Start postmortem",
    "closed": "Close",
}
CONFIDENCE_WORDS = {"high": "High confidence", "medium": "Medium confidence", "low": "Low confidence"}


def duration(length: timedelta) -> str:
    """How long, in its two largest units: "45 s", "12 min", "3 h 05 min", "2 d 4 h"."""
    seconds = max(0, int(length.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 1:
        return f"{seconds} s"
    if hours < 1:
        return f"{minutes} min"
    if days < 1:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{days} d {hours % 24} h"


def utc(at: datetime) -> str:
    """A time as people read it, in UTC: "21 Nov 02:42 UTC"."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %H:%M} UTC"


def percent(probability: float) -> str:
    """A probability as a whole percentage; only certainty is 100 % and only impossibility 0 %."""
    whole = round(probability * 100)
    if 0 < probability < 1:
        whole = min(99, max(1, whole))
    return f"{whole} %"
