"""What outsiders of the demonstration can read: a public status page, and the updates of an incident on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.incidents.models import Incident

# Components in outsiders' words, and the services whose trouble is theirs.
COMPONENTS = {
    "Bookings": ("bookings", ("frontend", "booking-api", "availability")),
    "Shop": ("shop", ("web", "checkout")),
    "Basket": ("shop", ("cart",)),
    "Signing in": ("identity", ("auth",)),
}
HEADLINE = "Bookings could not be made"
BROKEN = "New bookings fail with an error. Those made before are safe. We have found why, and are putting it right."
MENDED = (
    "Bookings can be made again. No data was lost. We will publish what happened, and what we change, within two days."
)


def open_page(now: datetime) -> None:
    """Publishes the installation's status page, once, with maintenance announced for the night after next."""
    from tocsin.catalog.services import Service
    from tocsin.incidents import publishing

    page = publishing.kept_page(None)
    if page.published_at is not None:
        return
    publishing.describe(page.pk, "Example Travel status", "How our services are doing.", seen=page.version)
    made = {}
    for name, (project, slugs) in COMPONENTS.items():
        services = Service.objects.filter(project__slug=project, slug__in=slugs).values_list("pk", flat=True)
        made[name] = publishing.add_component(page.pk, publishing.Described(name, services=list(services)), now)
    publishing.set_public(page.pk, public=True, now=now)
    starts = (now + timedelta(days=2)).replace(hour=1, minute=0, second=0, microsecond=0)
    text = "The database of the shop moves to new machines. It can be slow for some minutes."
    work = publishing.Work("Database maintenance", text, starts, starts + timedelta(hours=2), [made["Shop"].pk])
    publishing.announce(page.pk, work, actor="demo", now=now)


def tell(incident: Incident, text: str, now: datetime, *, is_over: bool, actor: str) -> None:
    """Sends an update to outsiders, which says how bookings are."""
    from tocsin.incidents import publishing
    from tocsin.incidents.audience import Audience, DataLoss, Impact, Moment
    from tocsin.incidents.telling import Said
    from tocsin.incidents.uptime import State
    from tocsin.workflows import communicating

    page = publishing.page_of(incident.environment.project_id)
    found = page.components.filter(name="Bookings").first() if page else None
    state = State.OPERATIONAL if is_over else State.MAJOR
    said = Said(
        Audience.EXTERNAL,
        Moment.RESOLVED if is_over else Moment.IDENTIFIED,
        HEADLINE,
        text,
        Impact.NONE if is_over else Impact.MAJOR,
        DataLoss.NO,
        None if is_over else communicating.rounded(now + timedelta(minutes=30)),
    )
    states = {found.pk: state} if found else {}
    communicating.send(incident.pk, said, states, began_at=incident.triggered_at, is_read=True, actor=actor, now=now)
