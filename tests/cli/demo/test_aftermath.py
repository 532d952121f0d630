"""What follows an incident in the demonstration."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories import make_environment, make_incident, make_user
from tocsin.cli.demo.aftermath import play_aftermath
from tocsin.postmortems.models import Postmortem
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db


def test_a_critical_incident_ends_with_a_draft_that_waits() -> None:
    make_user("demo")
    incident = make_incident(severity="critical")
    assert play_aftermath(make_environment(), "demo", "patched the Service") == incident
    sweep(timezone.now())
    held = Postmortem.objects.get()
    assert (held.need, held.state, held.owner.username) == ("mandatory", "pending", "demo")  # type: ignore[union-attr]
    assert incident.actions.get().owner == held.owner


def test_without_a_critical_incident_nothing_follows() -> None:
    make_incident(severity="high")
    assert play_aftermath(make_environment(), "demo", "patched the Service") is None
