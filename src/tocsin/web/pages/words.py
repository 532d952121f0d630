"""Words for values: durations, percentages, states. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tocsin.investigation.diagnosis.reference import Subject

STATUS_VERBS = {
    "acknowledged": "Acknowledge",
    "investigating": "Start investigating",
    "mitigating": "Start mitigating",
    "resolved": "Resolve",
    "postmortem": "Start postmortem",
    "closed": "Close",
}
PLANNED_WORDS = {
    "replace": "replace",
    "delete": "destroy",
    "forget": "forget, and leave as it is",
    "update": "change in place",
    "create": "create",
    "import": "import",
    "move": "move",
    "read": "read during the apply",
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


def remaining(length: timedelta) -> str:
    """How much time there is left, or by how much it is over: "12 min left", "3 min over"."""
    return f"{duration(length)} left" if length >= timedelta(0) else f"{duration(-length)} over"


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


def money(amount: Decimal, currency: str, *, is_difference: bool = False) -> str:
    """A sum a month: "1,361 USD"; under a hundred with cents; a difference with its sign."""
    shown = f"{abs(amount):,.0f}" if abs(amount) >= 100 else f"{abs(amount):,.2f}"
    sign = ("+" if is_difference else "") if amount >= 0 else "−"
    return f"{sign}{shown} {currency}"


def look_at(subject: Subject) -> tuple[str, ...]:
    """The command that shows something as it is now; empty for a run, which is over."""
    if subject.kind == "Run":
        return ()
    if subject.kind == "Resource":
        return ("terraform", "state", "show", subject.name)
    return (
        "kubectl",
        "describe",
        subject.kind.lower(),
        subject.name,
        *(("-n", subject.namespace) if subject.namespace else ()),
    )


def is_web(address: str) -> bool:
    """Whether an address may be offered as a link: nothing but the web's."""
    return address.lower().startswith(("https://", "http://"))
