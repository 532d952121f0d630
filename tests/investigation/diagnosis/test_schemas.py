"""The written formats: they are sound, and what goes in and comes out follows them."""

import json

import msgspec
import pytest

from tests.investigation.diagnosis.documents import schema, validator
from tests.investigation.suite import fires
from tests.investigation.worlds import deployment, event, exited, logs, node, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot, sections
from tocsin.investigation.diagnosis.cause import Cause, catalogue

CRASHED = pod("cart", exited("OOMKilled", 137, resources={"limits": {"memory": "64Mi"}}))
SCENE = scene(
    CRASHED, deployment(ready=0), service(), node(), event(CRASHED, "BackOff", "restarting"), logs=logs(CRASHED, "x")
)


@pytest.mark.parametrize("name", ["snapshot", "report", "command"])
def test_is_sound(name: str) -> None:
    validator(name).check_schema(schema(name))


def test_the_worlds_of_these_tests_are_snapshots() -> None:
    validator("snapshot").validate(json.loads(SCENE))


def test_a_report_follows_its_schema() -> None:
    validator("report").validate(json.loads(diagnose(parse_snapshot(SCENE)).to_json()))


@pytest.mark.parametrize("cause", catalogue(), ids=lambda cause: cause.name)
def test_the_worlds_of_a_cause_and_their_reports_follow_the_schemas(cause: Cause) -> None:
    for document in fires(cause).values():
        validator("snapshot").validate(json.loads(document))
        validator("report").validate(json.loads(diagnose(parse_snapshot(document)).to_json()))


def test_a_reversible_command_without_undo_is_refused() -> None:
    command = {"argv": ["kubectl"], "purpose": "x", "tier": "reversible", "before": "", "undo": None, "verify": None}
    assert not validator("command").is_valid(command)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("metric", sections.Metric), ("change", sections.Change), ("probe", sections.Probe), ("gap", sections.Gap)],
)
def test_the_schema_and_the_struct_know_the_same_fields(name: str, shape: type[msgspec.Struct]) -> None:
    assert set(schema("snapshot")["$defs"][name]["properties"]) == set(shape.__struct_fields__)
