"""CDEvents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, Parsed
from tocsin.alerts.sources.cdevents import EXAMPLE, parse


def happened(kind: str, subject: str = "run-1", **content: Any) -> Parsed:
    body = changed(EXAMPLE, "context", type=f"dev.cdevents.{kind}.0.2.0")
    return parse(changed(body, "subject", id=subject, content=content))


def test_an_incident_is_resolved_as_the_same() -> None:
    [firing], [over] = parse(EXAMPLE).alerts, happened("incident.resolved", "slow-cart", description="fine").alerts
    assert (firing.title, firing.firing) == ("Half of all requests take over 2 s", True)
    assert (over.title, over.firing, over.identity) == ("", False, firing.identity)
    assert firing.labels["service"] == "cart"


def test_a_pipeline_is_known_by_its_name_and_not_by_its_run() -> None:
    [bad] = happened("pipelinerun.finished", pipelineName="build", outcome="failure", errors="no disk").alerts
    [good] = happened("pipelinerun.finished", "run-2", pipelineName="build", outcome="success").alerts
    assert (bad.title, bad.description, bad.identity) == ("pipeline build failed", "no disk", good.identity)


def test_a_test_case_is_another_in_another_environment() -> None:
    content: dict[str, Any] = {"outcome": "fail", "testCase": {"id": "login"}}
    [here] = happened("testcaserun.finished", **content, environment={"id": "eu"}).alerts
    [there] = happened("testcaserun.finished", **content, environment={"id": "us"}).alerts
    assert here.identity != there.identity


@pytest.mark.parametrize(("predicate", "command"), [("deployed", "deploy"), ("rolledback", "rollback")])
def test_what_becomes_of_a_service_is_a_deployment(predicate: str, command: str) -> None:
    [run] = happened(f"service.{predicate}", "cart", environment={"id": "production"}, artifactId="pkg:oci/cart").runs
    assert (run.configuration, run.command, run.environment) == ("cart", command, "production")
    assert run.reason.endswith(": pkg:oci/cart")


def test_a_ticket_calls_somebody_only_as_an_incident() -> None:
    assert happened("ticket.created", summary="Down", ticketType="incident").alerts[0].title == "Down"
    assert (
        happened("ticket.created", summary="Idea", ticketType="task").note
        == "that a ticket was created is nothing to alert about"
    )


def test_the_data_of_a_cloudevent_and_a_batch_are_understood() -> None:
    sent = [{"specversion": "1.0", "data": json.loads(EXAMPLE)}, {"context": 3}]
    parsed = parse(json.dumps(sent).encode())
    assert parsed.alerts == parse(EXAMPLE).alerts
    assert len(parsed.rejected) == 1


def test_another_type_is_refused() -> None:
    with pytest.raises(BadPayload, match="begins with dev"):
        parse(changed(EXAMPLE, "context", type="com.example.x"))
