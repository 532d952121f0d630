"""A public status page with what was told on it, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories import NOW
from tocsin.catalog.models import Project
from tocsin.incidents import publishing
from tocsin.incidents.audience import Audience, Impact, Moment
from tocsin.incidents.models import Incident
from tocsin.incidents.publishing import Described
from tocsin.incidents.status_page import Component, StatusPage
from tocsin.incidents.updates import StatusUpdate
from tocsin.incidents.uptime import State


def make_page(*names: str, project: Project | None = None, public: bool = True) -> tuple[StatusPage, list[Component]]:
    """A page with components of these names, a hundred days old."""
    page = publishing.kept_page(project)
    made = [publishing.add_component(page.pk, Described(name), NOW - timedelta(days=100)) for name in names]
    if public:
        publishing.set_public(page.pk, public=True, now=NOW - timedelta(days=100))
    return StatusPage.objects.get(pk=page.pk), made


def tell(
    incident: Incident,
    states: dict[Component, State] | None = None,
    moment: Moment = Moment.INVESTIGATING,
    at: datetime = NOW,
    **said: object,
) -> StatusUpdate:
    """Sends an external update that says how components are."""
    words = {"headline": "Checkout fails", "text": "We are looking.", "sent_by": "alice"}
    plain: dict[str, object] = {"audience": Audience.EXTERNAL, "impact": Impact.MAJOR, **words}
    plain |= {"moment": moment, "sent_at": at, "incident": incident}
    update = StatusUpdate.objects.create(**(plain | said))
    if states:
        publishing.name_components(update, {component.pk: state for component, state in states.items()})
    return update
