"""A run's files become a redacted snapshot."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.investigation.deployments import error
from tests.investigation.diagnosis.documents import validator
from tocsin.investigation.collectors import deployment
from tocsin.investigation.collectors.deployment import DeploymentError, load_deployment
from tocsin.investigation.diagnosis import parse_snapshot

KEY = b"k" * 32
LOG = error("creating IAM Role (app): EntityAlreadyExists: Role with name app already exists.", at="aws_iam_role.app")


def load(log: str = LOG, **given: Any) -> bytes:
    options: dict[str, Any] = {"plan": None, "policies": (), "exit_code": 1, "key": KEY, **given}
    return load_deployment(io.BytesIO(log.encode()), **options)


def test_what_is_made_is_a_snapshot() -> None:
    validator("snapshot").validate(json.loads(load()))
    stored = parse_snapshot(load()).deployed
    assert stored
    assert (stored.exit_code, "EntityAlreadyExists" in stored.log) == (1, True)


def test_what_the_plan_marks_as_sensitive_is_in_neither(tmp_path: Path) -> None:
    change = {"actions": ["create"], "before": None, "after": {"pin": "Kx83-plain"}, "after_sensitive": {"pin": True}}
    plan = {"format_version": "1.2", "resource_changes": [{"address": "x_y.z", "change": change}]}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert b"Kx83-plain" not in load("Error: Kx83-plain was refused\n", plan=tmp_path / "plan.json")


def test_results_of_policies_are_kept(tmp_path: Path) -> None:
    results = [{"filename": "main.tf", "namespace": "main", "successes": 0, "failures": [{"msg": "no public buckets"}]}]
    (tmp_path / "conftest.json").write_text(json.dumps(results))
    stored = parse_snapshot(load(policies=[tmp_path / "conftest.json"])).deployed
    assert stored
    assert [(one.engine, one.status) for one in stored.policies] == [("conftest", "failed")]


@pytest.mark.parametrize("option", ["plan", "policies"])
def test_a_file_that_is_something_else_is_refused_by_name(tmp_path: Path, option: str) -> None:
    (tmp_path / "x.json").write_text("{")
    given: Any = tmp_path / "x.json" if option == "plan" else [tmp_path / "x.json"]
    with pytest.raises(DeploymentError, match=r"x\.json"):
        load(**{option: given})


def test_of_a_very_long_log_beginning_and_end_are_kept_and_the_rest_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "MOST_LOG", 3000)
    monkeypatch.setattr(deployment, "_HEAD", 1000)
    snapshot = parse_snapshot(load("first\n" + "aws_vpc.a: Still creating... [10s elapsed]\n" * 200 + LOG))
    assert snapshot.deployed
    assert snapshot.deployed.log.startswith("first")
    assert "EntityAlreadyExists" in snapshot.deployed.log
    assert [gap.what for gap in snapshot.gaps] == ["deployment log"]
