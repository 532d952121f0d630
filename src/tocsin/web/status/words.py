"""How a status page says things: its headline, states, shares and spans of time. Pure."""

from __future__ import annotations

import math
from datetime import timedelta

from tocsin.incidents.uptime import Day, State
from tocsin.web.status.public import PublicPage

_ALL = {
    State.OPERATIONAL: "All systems operational",
    State.MAINTENANCE: "Maintenance under way",
    State.DEGRADED: "Some systems are slow or faulty",
    State.PARTIAL: "Partial outage",
    State.MAJOR: "Major outage",
}
_STATES = {
    State.OPERATIONAL: "Operational",
    State.MAINTENANCE: "Under maintenance",
    State.DEGRADED: "Degraded",
    State.PARTIAL: "Partial outage",
    State.MAJOR: "Major outage",
}


def headline(page: PublicPage) -> str:
    """How everything is, in a few words."""
    if page.state == State.OPERATIONAL and page.open:
        return "All systems operational, with a notice"
    return _ALL[page.state]


def said(state: State) -> str:
    """A state as it stands beside a component."""
    return _STATES[state]


def percent(share: float | None) -> str:
    """A share as "99.98 %". Rounded down, so that what was down for a moment never reads 100 %."""
    return "" if share is None else f"{math.floor(share * 10_000) / 100:.2f} %"


def lasting(span: timedelta) -> str:
    """A span of time as "42 min", "3 h 5 min" or "2 d 4 h"."""
    minutes = max(1, math.floor(span.total_seconds() / 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (rest, "min")]
    return " ".join([f"{count} {unit}" for count, unit in parts if count][:2])


def of_day(day: Day) -> str:
    """What there is to tell of a day: "1 Mar 2026: major outage, down for 42 min"."""
    date = f"{day.date.day} {day.date:%b %Y}"
    if day.state is None:
        return f"{date}: not observed yet"
    down = f", down for {lasting(day.down)}" if day.down else ""
    return f"{date}: {said(day.state).lower()}{down}"


def of_days(days: tuple[Day, ...]) -> str:
    """What a row of days tells those who do not see it."""
    known = [day for day in days if day.state is not None]
    troubled = [of_day(day) for day in known if day.state != State.OPERATIONAL]
    first = f"The last {len(known)} days" if len(known) > 1 else "Today"
    return f"{first}: " + ("; ".join(troubled) if troubled else "operational throughout")
