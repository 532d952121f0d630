"""Merging and splitting from the page of an incident, and very many alerts on it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_environment, make_incident
from tests.web.pages.stored import make_alert
from tocsin.catalog.services import Origin, Service, ServiceDependency
from tocsin.incidents.models import Incident
from tocsin.web.pages import storm

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> tuple[Incident, Incident]:
    one, other = make_incident("Slow: shop/web"), make_incident("Full: shop/db")
    make_alert(one, title="Slow")
    make_alert(other, title="Full")
    return one, other


def test_a_merge_is_made_by_name_and_can_be_taken_back(browser: Client, two: tuple[Incident, Incident]) -> None:
    one, other = two
    browser.post(f"/incidents/{other.pk}/merge", {"into": one.name.lower(), "reason": "its disk"})
    page = browser.get(f"/incidents/{other.pk}").content.decode()
    assert f'This is part of <a href="/incidents/{one.pk}">{one.name}' in page
    assert other.name in browser.get(f"/incidents/{one.pk}").content.decode()
    browser.post(f"/incidents/{other.pk}/unmerge")
    other.refresh_from_db()
    assert (other.status, other.merged_into) == ("triggered", None)


def test_a_merge_that_can_not_be_made_says_why_beside_the_form(browser: Client, two: tuple[Incident, Incident]) -> None:
    for asked, said in [({"into": "that one"}, "Say of which"), ({"into": "999", "reason": "x"}, "no such incident")]:
        answer = browser.post(f"/incidents/{two[0].pk}/merge", asked)
        assert answer.status_code == 400
        assert said in answer.content.decode()


def test_some_alerts_become_an_incident_of_their_own(browser: Client, two: tuple[Incident, Incident]) -> None:
    one, _ = two
    make_alert(one, title="Backup")
    alert = one.incident_occurrences.get(alert__title="Backup").alert_id
    browser.post(f"/incidents/{one.pk}/split", {"alert": [alert], "reason": "another story"})
    opened = Incident.objects.latest("id")
    assert opened.incident_occurrences.get().alert_id == alert
    assert opened.investigations.count() == 1


def test_viewers_neither_merge_nor_split(viewer: Client, two: tuple[Incident, Incident]) -> None:
    for what in ("merge", "unmerge", "split"):
        assert viewer.post(f"/incidents/{two[0].pk}/{what}").status_code == 403


def test_very_many_alerts_are_told_by_what_says_most(browser: Client) -> None:
    project = make_environment().project
    web, db = (Service.objects.create(project=project, slug=n, name=n, origin=Origin.HAND) for n in ("web", "db"))
    ServiceDependency.objects.create(source=web, target=db, origin=Origin.HAND)
    incident = make_incident()
    for number in range(24):
        make_alert(incident, title=f"Slow {number % 3}", labels={"service": "web"}, severity="warning")
    make_alert(incident, title="DbDown", labels={"service": "db"}, severity="critical")
    shown = browser.get(f"/incidents/{incident.pk}").context["storm"]
    assert [(one.way, one.alert.title) for one in shown.telling] == [
        ("Earliest", "Slow 0"),
        ("Most upstream, most severe", "DbDown"),
    ]
    assert shown.telling[1].reason == "db, which another here needs"
    assert [(title.title, title.alerts) for title in shown.titles] == [
        *((f"Slow {n}", 8) for n in range(3)),
        ("DbDown", 1),
    ]


def test_the_most_severe_of_all_is_told_however_late_it_came(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storm, "MOST_COMPARED", 5)
    incident = make_incident()
    for number in range(24):
        make_alert(incident, title=f"Slow {number}", labels={"service": "web"}, severity="warning")
    make_alert(
        incident, title="NodeDown", labels={"node": "n1"}, severity="critical", subject={"kind": "Node", "name": "n1"}
    )
    told = browser.get(f"/incidents/{incident.pk}").context["storm"].telling
    assert [(one.way, one.alert.title) for one in told][1:] == [("Most upstream, most severe", "NodeDown")]


def test_few_alerts_are_just_listed(browser: Client, two: tuple[Incident, Incident]) -> None:
    assert browser.get(f"/incidents/{two[0].pk}").context["storm"] is None
