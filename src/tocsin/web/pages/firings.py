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

    @property
    def annotations(self) -> dict[str, str]:
        """What the sender says besides its description and its links."""
        told = {self.alert.description, *self.links.values()}
        return {name: str(text) for name, text in self.alert.annotations.items() if str(text) not in told}


@dataclass(frozen=True, slots=True)
class Firings:
    """The alerts to show, those firing first, then the newest; and of all of them: how many, firing, and firings so far."""

    shown: tuple[Fired, ...]
    alerts: int
    firing: int
    times: int

    @property
    def hidden(self) -> int:
        """How many alerts are not shown."""
        return self.alerts - len(self.shown)

    @property
    def is_flapping(self) -> bool:
        """Whether any of them flaps."""
        return any(fired.is_flapping for fired in self.shown)

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        return f"{self.times}-{self.firing}"


def firings_of(incident: Incident) -> Firings:
    """An incident's alerts; two queries, and a third to count more than are shown."""
    occurrences = IncidentOccurrence.objects.filter(incident=incident, left_at=None)
    is_open = Q(occurrence__ends_at=None)
    grouped = (
        occurrences.values("alert")
        .annotate(
            times=Count("id"),
            open=Count("id", filter=is_open),
            first_at=Min("occurrence__starts_at"),
            last_at=Max("occurrence__starts_at"),
            signal=Max("occurrence__signal"),
        )
        .order_by("-open", "-last_at", "alert")
    )
    rows = list(grouped[:MOST_ALERTS])
    alerts = Alert.objects.select_related("source").in_bulk([row["alert"] for row in rows])
    shown = tuple(
        Fired(alerts[row["alert"]], row["times"], row["open"] > 0, row["first_at"], row["last_at"], row["signal"])
        for row in rows
    )
    if len(rows) < MOST_ALERTS:
        return Firings(shown, len(rows), sum(fired.is_firing for fired in shown), sum(fired.times for fired in shown))
    totals = occurrences.aggregate(
        alerts=Count("alert", distinct=True), firing=Count("alert", distinct=True, filter=is_open), times=Count("id")
    )
    return Firings(shown, **totals)


def is_web_address(url: str) -> bool:
    """Whether a link is safe to follow: http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
