"""The alerts of an incident: each once, with how often and since when it fired here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Count, Max, Min, Q

from tocsin.alerts.models import Alert
from tocsin.incidents.models import Incident, IncidentOccurrence
from tocsin.workflows.placing import FLAPPING_FROM

MOST_ALERTS = 50


@dataclass(frozen=True, slots=True)
class Fired:
    """One alert as far as this incident is concerned."""

    alert: Alert
    times: int
    is_firing: bool
    first_at: datetime
    last_at: datetime
    signal: int

    @property
    def is_flapping(self) -> bool:
        """Whether it comes and goes so often that each single firing says little."""
        return self.times >= FLAPPING_FROM

    @property
    def links(self) -> dict[str, str]:
        """The sender's links that lead to the web, by name: anything else is not made clickable."""
        return {name: str(url) for name, url in self.alert.links.items() if is_web_address(str(url))}


@dataclass(frozen=True, slots=True)
class Firings:
    """The alerts to show, those firing first, then the newest; `hidden` says how many more there are."""

    shown: tuple[Fired, ...]
    hidden: int

    @property
    def firing(self) -> int:
        """How many of those shown are firing now."""
        return sum(fired.is_firing for fired in self.shown)

    @property
    def is_flapping(self) -> bool:
        """Whether any of them flaps."""
        return any(fired.is_flapping for fired in self.shown)

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        return f"{sum(fired.times for fired in self.shown)}-{self.firing}-{self.hidden}"


def firings_of(incident: Incident) -> Firings:
    """An incident's alerts; two queries however many there are."""
    grouped = (
        IncidentOccurrence.objects.filter(incident=incident)
        .values("alert")
        .annotate(
            times=Count("id"),
            open=Count("id", filter=Q(occurrence__ends_at=None)),
            first_at=Min("occurrence__starts_at"),
            last_at=Max("occurrence__starts_at"),
            signal=Max("occurrence__signal"),
        )
        .order_by("-open", "-last_at", "alert")
    )
    rows = list(grouped)
    alerts = Alert.objects.select_related("source").in_bulk([row["alert"] for row in rows[:MOST_ALERTS]])
    shown = tuple(
        Fired(alerts[row["alert"]], row["times"], row["open"] > 0, row["first_at"], row["last_at"], row["signal"])
        for row in rows[:MOST_ALERTS]
    )
    return Firings(shown, max(0, len(rows) - MOST_ALERTS))


def is_web_address(url: str) -> bool:
    """Whether a link is safe to follow: http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
