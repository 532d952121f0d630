"""What follows an incident in the demonstration."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories import make_environment, make_incident, make_user
from tocsin.cli.demo.aftermath import play_aftermath
from tocsin.cli.demo.colleagues import NAMES, employ
from tocsin.cli.demo.outsiders import COMPONENTS, MENDED, open_page
from tocsin.incidents.status_page import StatusPage
from tocsin.incidents.updates import StatusUpdate
from tocsin.oncall.models import Schedule
from tocsin.oncall.store import on_call
from tocsin.postmortems.models import Postmortem
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db


def test_a_critical_incident_ends_with_a_draft_that_waits() -> None:
    make_user("demo")
    incident = make_incident(severity="critical", triggered_at=timezone.now())
    assert play_aftermath(make_environment(), "demo", "patched the Service") == incident
    sweep(timezone.now())
    held = Postmortem.objects.get()
    assert (held.need, held.state, held.owner.username) == ("mandatory", "pending", "demo")  # type: ignore[union-attr]
    assert incident.actions.get().owner == held.owner


def test_without_a_critical_incident_nothing_follows() -> None:
    make_incident(severity="high")
    assert play_aftermath(make_environment(), "demo", "patched the Service") is None


def test_outsiders_read_of_it_on_the_status_page() -> None:
    make_user("demo")
    make_incident(severity="critical", triggered_at=timezone.now())
    open_page(timezone.now())
    play_aftermath(make_environment(), "demo", "patched the Service")
    open_page(timezone.now())
    assert StatusPage.objects.get().components.count() == len(COMPONENTS)
    assert [update.text == MENDED for update in StatusUpdate.objects.order_by("id")] == [False, True]


def test_somebody_is_on_call_whenever_it_is_played() -> None:
    make_user("demo")
    for _ in range(2):
        employ(timezone.now(), "demo")
    people = [set(on_call(schedule, timezone.now()).people) for schedule in Schedule.objects.all()]
    assert len(people) == 2
    assert all(found and found <= {*NAMES, "demo"} for found in people)
