"""What things are called inside, gathered from wherever an incident says it."""

from __future__ import annotations

import pytest

from tests.factories import make_incident, make_service
from tests.web.pages.stored import store_investigation
from tocsin.catalog.models import Cluster
from tocsin.incidents.models import Incident
from tocsin.workflows.naming import internal_names

pytestmark = pytest.mark.django_db


def test_names_come_from_the_subject_and_the_project() -> None:
    assert {"shop", "cart"} <= internal_names(make_incident())


def test_names_come_from_the_catalogue() -> None:
    incident = make_incident()
    make_service(
        "payments-api",
        aliases=["pay-svc"],
        hosts=["*.pay.example.org"],
        selectors=[{"namespace": "pay-ns", "workload": "pay-web"}],
        links={"Dashboard": "https://grafana.example.org/d/1", "odd": "http://[no"},
    )
    Cluster.objects.create(environment=incident.environment, name="eu-west-k8s", kind="agent", context="admin@eu")
    expected = {"payments-api", "pay-svc", "pay.example.org", "pay-ns", "pay-web", "grafana.example.org", "eu-west-k8s"}
    assert expected <= internal_names(incident)


def test_names_come_from_what_was_found() -> None:
    incident = make_incident(subject={})
    before = internal_names(incident)
    store_investigation(incident)
    assert {name for name in internal_names(incident) - before if "cart" in name}


def test_what_is_too_short_to_be_a_name_is_none() -> None:
    incident: Incident = make_incident(subject={"namespace": "a", "name": "db"})
    assert not {"a", "db"} & internal_names(incident)
