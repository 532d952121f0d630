"""Atlantis' webhooks."""

from __future__ import annotations

import json

from tocsin.alerts.runs import Outcome, Trigger
from tocsin.alerts.sources.atlantis import EXAMPLE, parse


def test_a_failed_apply_is_one_of_its_project() -> None:
    (run,) = parse(EXAMPLE).runs
    assert (run.configuration, run.workspace) == ("acme/infrastructure network-production", "default")
    assert (run.outcome, run.trigger, run.actor) == (Outcome.FAILED, Trigger.APPLY_FAILURE, "alice")


def test_a_good_one_has_the_same_configuration() -> None:
    (good,) = parse(json.dumps(json.loads(EXAMPLE) | {"Success": True}).encode()).runs
    assert (good.outcome, good.configuration) == (Outcome.SUCCEEDED, parse(EXAMPLE).runs[0].configuration)


def test_without_a_project_name_its_directory_names_it() -> None:
    (run,) = parse(json.dumps(json.loads(EXAMPLE) | {"ProjectName": ""}).encode()).runs
    assert run.configuration == "acme/infrastructure network"


def test_each_project_drifts_for_itself() -> None:
    projects = [
        {
            "project_name": "vpc",
            "path": "modules/vpc",
            "workspace": "blue",
            "has_drift": True,
            "summary": "1 to change",
        },
        {"project_name": "ec2", "path": "modules/ec2", "workspace": "blue", "has_drift": False},
    ]
    told = {"repository": "acme/infrastructure", "detection_id": "d-1", "projects": projects}
    first, second = parse(json.dumps(told).encode()).runs
    assert (first.trigger, first.reason, second.outcome) == (Trigger.DRIFT, "1 to change", Outcome.SUCCEEDED)
    assert first.run != second.run
