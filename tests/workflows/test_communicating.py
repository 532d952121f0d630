"""What Tocsin would say of an incident, and the checklist of saying it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.factories import NOW, make_incident, make_service
from tests.postmortems.test_changes import ended
from tests.web.pages.stored import store_investigation
from tocsin.incidents import assessments, changes, publishing
from tocsin.incidents.audience import Audience, DataLoss, Impact, Moment
from tocsin.incidents.changes import BadChange
from tocsin.incidents.checklist import State as ItemState
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.plain_words import Kind
from tocsin.incidents.publishing import Described
from tocsin.incidents.statements import Statement
from tocsin.incidents.status_page import Component, ComponentState
from tocsin.incidents.telling import Said
from tocsin.incidents.triage import Severity
from tocsin.incidents.undoing import undo
from tocsin.incidents.updates import StatusUpdate
from tocsin.incidents.uptime import State
from tocsin.workflows.communicating import check, checklist_of, draft, moment_of, rounded, send

pytestmark = pytest.mark.django_db
INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
SAID = Said(EXTERNAL, Moment.IDENTIFIED, "Payments fail", "We know why.", Impact.PARTIAL)


def sent(incident: Incident, said: Said = SAID, states: dict[int, State] | None = None) -> StatusUpdate:
    return send(incident.pk, said, states or {}, is_read=False, actor="kim", now=NOW)


def on_the_page(incident: Incident) -> Component:
    """The component Checkout, which the incident's service cart is behind."""
    page = publishing.kept_page(None)
    publishing.set_public(page.pk, public=True, now=NOW)
    cart = make_service("cart")
    IncidentService.objects.create(incident=incident, service=cart, slug="cart", role="cause", reason="x")
    return publishing.add_component(page.pk, Described("Checkout", services=[cart.pk]), NOW)


def test_the_team_is_told_what_the_record_says() -> None:
    incident = make_incident()
    store_investigation(incident)
    said = draft(incident, INTERNAL, Moment.IDENTIFIED, NOW)
    assert said.headline == incident.title
    assert "Cause: cart was killed at its limit of 384Mi" in said.text
    assert "Nobody has it yet." in said.text


def test_a_cause_is_called_supposed_until_a_person_has_confirmed_it() -> None:
    incident = make_incident()
    store_investigation(incident)
    supposed = draft(incident, INTERNAL, Moment.IDENTIFIED, NOW).text
    assert re.search(
        r"Cause: cart was killed at its limit of 384Mi.* \(supposed, \d+\s% sure\)$", supposed, re.MULTILINE
    )
    told = {"topic": "cause", "text": "cart leaks memory", "author": "kim", "at": NOW}
    Statement.objects.create(incident=incident, version=1, **told)
    confirmed = draft(incident, INTERNAL, Moment.IDENTIFIED, NOW).text
    assert "Cause: cart leaks memory" in confirmed
    assert "supposed" not in confirmed


def test_the_team_is_not_told_of_what_was_undone() -> None:
    incident = make_incident(severity="critical")
    for severity in (Severity.HIGH, Severity.MEDIUM):
        assessments.set_severity(incident.pk, severity, actor="kim", note="only the basket", now=NOW)
    newest = incident.timeline.filter(kind="severity").latest("id")
    undo(incident.pk, newest.pk, actor="kim", now=NOW)
    said = draft(incident, INTERNAL, Moment.INVESTIGATING, NOW).text
    assert "critical → high" in said
    assert "high → medium" not in said


def test_a_draft_promises_the_next_by_the_rhythm() -> None:
    said = draft(make_incident(severity="critical"), INTERNAL, Moment.INVESTIGATING, NOW + timedelta(minutes=1))
    assert said.next_update_at == NOW + timedelta(minutes=35)
    assert rounded(NOW) == NOW


def test_outsiders_are_told_by_the_names_that_they_know() -> None:
    incident = make_incident()
    on_the_page(incident)
    said = draft(incident, EXTERNAL, Moment.INVESTIGATING, NOW)
    assert "Affected: Checkout." in said.text
    assert [one.kind for one in check(incident, said)] == []


def test_where_there_is_no_page_somebody_has_to_say_what_is_affected() -> None:
    incident = make_incident()
    said = draft(incident, EXTERNAL, Moment.INVESTIGATING, NOW)
    assert [one.kind for one in check(incident, said)] == [Kind.GAP]


def test_a_draft_goes_on_from_what_was_said_before() -> None:
    incident = make_incident()
    sent(incident)
    changes.change_status(incident.pk, Status.MITIGATING, actor="kim", now=NOW + timedelta(minutes=4))
    incident.refresh_from_db()
    said = draft(incident, EXTERNAL, Moment.MONITORING, NOW + timedelta(minutes=5))
    assert (said.headline, said.impact) == ("Payments fail", Impact.PARTIAL)
    assert said.text.endswith("03:04 UTC We apply a fix.")


def test_what_people_said_of_lost_data_is_in_the_draft() -> None:
    incident = make_incident()
    said = {"author": "kim", "at": NOW, "version": 1}
    Statement.objects.create(incident=incident, topic="data_loss", text="no: replayed from the log", **said)
    assert draft(incident, EXTERNAL, Moment.RESOLVED, NOW).data_loss is DataLoss.NO


def test_the_stage_suggests_the_moment() -> None:
    incident = make_incident()
    assert moment_of(incident) is Moment.INVESTIGATING
    store_investigation(incident)
    assert moment_of(incident) is Moment.IDENTIFIED
    incident.status, incident.quiet_since = Status.MITIGATING, NOW
    assert moment_of(incident) is Moment.MONITORING
    assert moment_of(ended()) is Moment.RESOLVED


def test_components_are_said_with_the_update_or_not_at_all() -> None:
    incident = make_incident()
    checkout = on_the_page(incident)
    update = sent(incident, states={checkout.pk: State.DEGRADED})
    assert ComponentState.objects.get(update=update).state == State.DEGRADED
    with pytest.raises(BadChange, match="not on the status page"):
        sent(incident, states={4711: State.DEGRADED})
    assert StatusUpdate.objects.count() == 1


def test_a_postmortem_that_is_opened_ticks_itself() -> None:
    [line] = [one for one in checklist_of(ended(), NOW) if "postmortem" in one.item.words]
    assert line.state is ItemState.DONE
