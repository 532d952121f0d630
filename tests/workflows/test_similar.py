"""Incidents before that were like one."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOW, make_environment, make_incident
from tests.web.pages.kept import link, make_deployment
from tests.web.pages.stored import make_hypothesis, make_report, store_investigation
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.statements import Statement
from tocsin.workflows.similar import Precedent, precedents

pytestmark = pytest.mark.django_db


def other(**values: object) -> Incident:
    """An incident about something else."""
    return make_incident(**({"subject_key": f"shop/{Incident.objects.count()}"} | values))  # type: ignore[arg-type]


def found(incident: Incident, cause: str = "") -> list[tuple[int, list[str]]]:
    return [(one.incident.pk, [row.words for row in one.similar.shared]) for one in precedents(incident.pk, cause)]


def resolve(incident: Incident, why: str) -> None:
    how = {"reason": why, "resolution": Resolution.FIXED}
    changes.change_status(incident.pk, Status.RESOLVED, actor="alice", now=NOW, **how)  # type: ignore[arg-type]


def test_nothing_alike_is_nothing_and_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    other()
    incident = other()
    with django_assert_num_queries(1):
        assert precedents(incident.pk, "oom-killed") == []


def test_the_same_subject_before_tells_what_it_was_and_what_ended_it() -> None:
    before = make_incident()
    store_investigation(before)
    resolve(before, "rolled back: see the change")
    [one] = precedents(make_incident().pk, "")
    assert isinstance(one, Precedent)
    assert (one.incident, one.was) == (before, "cart was killed at its limit of 384Mi")
    assert one.ended_by == "rolled back: see the change"


def test_what_a_person_confirmed_goes_before_what_was_reported() -> None:
    before = make_incident()
    store_investigation(before)
    Statement.objects.create(incident=before, topic="cause", version=1, text="a leak in 4.2", author="alice", at=NOW)
    assert precedents(make_incident().pk, "")[0].was == "a leak in 4.2"


def test_the_same_cause_counts_where_it_is_what_the_newest_report_says() -> None:
    revised, before = other(), other()
    store_investigation(revised)
    store_investigation(revised, make_report(hypotheses=(make_hypothesis(cause="probe-failing"),)), ordinal=2)
    store_investigation(before)
    assert found(other(), "oom-killed") == [(before.pk, ["the same cause, oom-killed"])]


def test_the_same_configuration_that_failed_counts() -> None:
    before, incident = other(), other()
    link(before, make_deployment(log=None))
    link(incident, make_deployment(log=None))
    link(other(), make_deployment(log=None, configuration="dns"))
    assert found(incident) == [(before.pk, ["the same configuration failed, network"])]


def test_services_that_failed_in_both_count_and_those_that_only_need_them_do_not() -> None:
    before, incident = other(), other()
    for slug, role in (("cart", "cause"), ("checkout", "named by an alert"), ("web", "needs it")):
        for one in (before, incident):
            IncidentService.objects.create(incident=one, slug=slug, role=role, reason="r")
    assert found(incident) == [(before.pk, ["affected cart too", "affected checkout too"])]


def test_incidents_of_other_projects_and_later_ones_are_none_of_them() -> None:
    elsewhere = make_environment(project="bank")
    store_investigation(make_incident(environment=elsewhere))
    incident = make_incident()
    store_investigation(make_incident())
    assert found(incident, "oom-killed") == []


def test_an_old_incident_is_not_hidden_by_the_many_since() -> None:
    before, incident = make_incident(), make_incident()
    for _ in range(21):
        make_incident()
    assert found(incident) == [(before.pk, ["the same subject, shop/cart"])]
