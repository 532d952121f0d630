"""What a status page says, from the database: all that was published, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import NOW, make_environment, make_incident, make_service, make_user
from tests.incidents.published import make_page, tell
from tocsin.incidents import publishing
from tocsin.incidents.audience import Audience, Impact, Moment
from tocsin.incidents.changes import record
from tocsin.incidents.models import IncidentService
from tocsin.incidents.publishing import Described, Work
from tocsin.incidents.status_page import StatusPage
from tocsin.incidents.uptime import State
from tocsin.web.status import rendering
from tocsin.web.status.documents import documents
from tocsin.web.status.public import PublicPage, public_page

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CANARY = "canary"


def seen(page: StatusPage, hours: float = 1) -> PublicPage:
    return public_page(page, NOW + hours * HOUR, "https://shop.example")


def test_an_incident_that_nobody_was_told_of_is_not_there() -> None:
    page, _ = make_page("Shop")
    make_incident(severity="critical")
    assert seen(page).state == State.OPERATIONAL
    assert seen(page).incidents == ()


def test_an_update_changes_the_state_of_what_it_names() -> None:
    page, [shop, search] = make_page("Shop", "Search")
    tell(make_incident(), {shop: State.MAJOR})
    assert [c.state for c in seen(page).components] == [State.MAJOR, State.OPERATIONAL]
    assert seen(page).open[0].components == (("Shop", State.MAJOR),)
    assert search.name == "Search"


def test_the_end_of_an_incident_is_the_end_of_its_outage() -> None:
    page, [shop] = make_page("Shop")
    incident = make_incident()
    tell(incident, {shop: State.MAJOR})
    tell(incident, moment=Moment.RESOLVED, at=NOW + HOUR, impact=Impact.NONE)
    now = seen(page, 2)
    assert (now.state, now.open) == (State.OPERATIONAL, [])
    [past] = now.recent
    assert (past.impact, past.ended_at, past.components) == (State.MAJOR, NOW + HOUR, (("Shop", State.MAJOR),))
    assert now.components[0].uptime == pytest.approx(1 - 1 / (90 * 24))


def test_an_outage_counts_from_when_it_began() -> None:
    page, [shop] = make_page("Shop")
    update = tell(make_incident(), {shop: State.MAJOR})
    publishing.name_components(update, {}, NOW - 8 * HOUR)
    assert seen(page).incidents[0].began_at == NOW - 8 * HOUR
    assert seen(page).components[0].uptime == pytest.approx(1 - 9 / (90 * 24))


def test_an_update_that_names_nothing_is_told_of_with_its_impact() -> None:
    page, _ = make_page("Shop")
    tell(make_incident(), impact=Impact.PARTIAL)
    assert seen(page).state == State.PARTIAL


def test_a_correction_is_called_one_and_does_not_make_the_incident_longer() -> None:
    page, _ = make_page("Shop")
    incident = make_incident()
    tell(incident)
    last = tell(incident, moment=Moment.RESOLVED, at=NOW + HOUR)
    tell(incident, moment=Moment.RESOLVED, at=NOW + 2 * HOUR, corrects=last)
    [told] = seen(page, 3).incidents
    assert told.ended_at == NOW + HOUR
    assert [update.is_correction for update in told.updates] == [True, False, False]


def test_what_was_long_ago_is_not_shown_unless_it_lasts() -> None:
    page, _ = make_page("Shop")
    ended = make_incident()
    tell(ended)
    tell(ended, moment=Moment.RESOLVED)
    tell(make_incident(), headline="Still broken")
    assert [i.title for i in seen(page, 100 * 24).incidents] == ["Still broken"]


def test_a_project_with_a_page_of_its_own_is_not_told_of_elsewhere() -> None:
    project = make_environment().project
    installation, _ = make_page()
    tell(make_incident(environment=make_environment(project="other")), headline="Other")
    tell(make_incident())
    assert len(seen(installation).incidents) == 2
    own, _ = make_page(project=project)
    assert [i.title for i in seen(own).incidents] == ["Checkout fails"]
    assert [i.title for i in seen(installation).incidents] == ["Other"]


def test_maintenance_goes_by_the_clock() -> None:
    page, [shop] = make_page("Shop")
    work = Work("Larger database", "", NOW + HOUR, NOW + 3 * HOUR, [shop.pk])
    publishing.announce(page.pk, work, actor="alice", now=NOW)
    stages = [seen(page, hours).maintenances[0].stage for hours in (0, 1, 2, 3)]
    assert stages == ["scheduled", "under way", "under way", "completed"]
    assert seen(page, 2).state == seen(page, 2).components[0].state == State.MAINTENANCE


def test_maintenance_that_was_called_off_touched_nothing() -> None:
    page, [shop] = make_page("Shop")
    made = publishing.announce(page.pk, Work("Work", "", NOW + HOUR, NOW + 3 * HOUR, [shop.pk]), actor="a", now=NOW)
    publishing.end_maintenance(page.pk, made.pk, NOW)
    assert seen(page, 2).state == State.OPERATIONAL
    assert seen(page, 2).maintenances[0].stage == "called off"


def test_nothing_internal_gets_out() -> None:
    owner = make_user(f"{CANARY}-user")
    environment = make_environment(f"{CANARY}-environment", project=f"{CANARY}-project")
    service = make_service(f"{CANARY}-service", name=f"{CANARY} service", project=environment.project)
    page, [shop] = make_page("Shop")
    publishing.edit_component(page.pk, shop.pk, Described("Shop", services=[service.pk]), seen=page.version)
    subject = {"kind": "Deployment", "namespace": CANARY, "name": CANARY}
    incident = make_incident(
        f"{CANARY} title", environment=environment, assignee=owner, subject=subject, severity_reason=CANARY, owes=CANARY
    )
    IncidentService.objects.create(incident=incident, service=service, slug=CANARY, role="cause", reason=CANARY)
    record(incident, "note", CANARY, actor=CANARY, now=NOW)
    tell(incident, audience=Audience.INTERNAL, headline=CANARY, text=CANARY)
    tell(incident, {shop: State.MAJOR}, sent_by=CANARY)
    publishing.announce(page.pk, Work("Work", "", NOW, NOW + HOUR), actor=CANARY, now=NOW)
    made = documents(seen(page))
    assert [path for path, one in made.items() if CANARY.encode() in one.body + path.encode()] == []
    assert b"Checkout fails" in made["/status"].body
    assert [path for path, one in made.items() if f"INC-{incident.pk:03}".encode() in one.body] == []


def test_only_public_pages_are_made() -> None:
    page, _ = make_page("Shop", public=False)
    assert rendering.stamp() == ()
    assert rendering.render() == {}
    publishing.set_public(page.pk, public=True, now=NOW)
    assert "/status" in rendering.render()


def test_the_stamp_changes_with_what_is_told() -> None:
    page, _ = make_page("Shop")
    before = rendering.stamp()
    tell(make_incident(), at=timezone.now())
    told = rendering.stamp()
    publishing.describe(page.pk, "Other", "", seen=page.version)
    assert len({before, told, rendering.stamp()}) == 3


def test_what_was_told_a_moment_ago_is_shown_at_once() -> None:
    make_page("Shop")
    tell(make_incident(), at=timezone.now())
    assert b"Checkout fails" in rendering.render()["/status"].body
