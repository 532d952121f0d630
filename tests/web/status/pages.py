"""A status page as a value, for tests that need no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tocsin.incidents.uptime import Span, State, days, state_at, uptime
from tocsin.web.status.public import PublicComponent, PublicIncident, PublicMaintenance, PublicPage, PublicUpdate

NOW = datetime(2026, 3, 1, 3, 5, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def component(name: str, *spans: Span, group: str = "", description: str = "", known: int = 200) -> PublicComponent:
    """A component with a history, known for so many days."""
    since = NOW - known * DAY
    share = uptime(spans, max(since, NOW - 90 * DAY), NOW)
    found = tuple(days(spans, since, NOW, 90))
    return PublicComponent(name, description, group, state_at(spans, NOW), found, share)


def incident(
    title: str = "Checkout fails", began: datetime = NOW - HOUR, ended: datetime | None = None
) -> PublicIncident:
    """An incident with two updates, or three where it ended."""
    updates = [
        PublicUpdate(
            "identified", "We have found what it is.\n\nOrders that were placed are safe.", began + 40 * MINUTE, False
        ),
        PublicUpdate("investigating", "Some customers can't pay. We are looking into it.", began + 10 * MINUTE, False),
    ]
    if ended is not None:
        updates.insert(0, PublicUpdate("resolved", "Paying works again.", ended, False))
    components = (("Checkout", State.MAJOR), ("Search", State.DEGRADED))
    due = None if ended else NOW + 25 * MINUTE
    return PublicIncident(f"{began:%m%d%H%M}aaaa", title, State.MAJOR, tuple(updates), components, began, ended, due)


def maintenance(stage: str = "scheduled", starts: datetime = NOW + 2 * DAY) -> PublicMaintenance:
    """Two hours of work on a database."""
    text = "Carts are read-only meanwhile."
    return PublicMaintenance(
        "bbbb", "Larger database", text, stage, ("Checkout",), starts, starts + 2 * HOUR, NOW - DAY
    )


def page(**said: object) -> PublicPage:
    """A page with nothing on it but what is said."""
    plain = {"components": (), "incidents": (), "maintenances": (), "about": "", "title": "Shop status"}
    return PublicPage(origin="https://shop.example", path="/status", now=NOW, **(plain | said))  # type: ignore[arg-type]


def full_page() -> PublicPage:
    """A page with something of everything."""
    outage = Span(State.MAJOR, NOW - HOUR)
    past = [
        Span(State.PARTIAL, NOW - 20 * DAY, NOW - 20 * DAY + HOUR),
        Span(State.DEGRADED, NOW - 50 * DAY, NOW - 49 * DAY),
    ]
    return page(
        about="How our shop and its interfaces are doing.",
        components=(
            component("Shop", *past, group="Customers", description="Browsing and search"),
            component(
                "Checkout", outage, Span(State.MAINTENANCE, NOW - 9 * DAY, NOW - 9 * DAY + HOUR), group="Customers"
            ),
            component("Orders API", Span(State.DEGRADED, NOW - HOUR), group="Partners"),
            component("Webhooks", group="Partners", known=35),
        ),
        incidents=(incident(), incident("Search is slow", NOW - 3 * DAY, NOW - 3 * DAY + 70 * MINUTE)),
        maintenances=(maintenance(), maintenance("under way", NOW - HOUR)),
        takes_mail=True,
    )
