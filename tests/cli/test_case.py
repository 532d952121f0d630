"""`tocsin case run` scores a suite; `tocsin case export` makes a case of an incident."""

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from tests.investigation.worlds import exited, pod, scene
from tocsin.cli.case import case
from tocsin.investigation.diagnosis.evaluation.cases import Blamed, Case, Truth

KILLED = scene(pod("cart", exited("OOMKilled", 137, resources={"limits": {"memory": "64Mi"}})))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(case, ["run", *map(str, arguments)])


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    for name, cause in (("right", "oom-killed"), ("wrong", "probe-failing")):
        truth = Truth(causes=(cause,), subjects=(Blamed("cart"),))
        (tmp_path / f"{name}.json").write_bytes(Case(name, msgspec.Raw(KILLED), truth, name, "own").to_json())
    return tmp_path


def test_what_is_wrong_is_named_and_the_rest_counted(suite: Path) -> None:
    text = run(suite).stdout
    assert "wrong  wrong: the truth is not named; first is oom-killed of Deployment/shop/cart" in text
    assert "WRONG AT HIGH" in text
    assert "right first     1 (0.500)" in text


def test_json_has_the_summary_and_every_case(suite: Path) -> None:
    told = json.loads(run(suite, "--output", "json").stdout)
    assert (told["summary"]["first"], len(told["cases"])) == (1, 2)
    assert told["by_label"]["right"]["first"] == 1


def test_a_score_that_is_too_low_has_status_1(suite: Path) -> None:
    assert run(suite, "--at-least", "0.5").exit_code == 0
    assert run(suite, "--at-least", "0.6").exit_code == 1


def test_a_snapshot_without_truth_is_not_scored(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(KILLED)
    result = run(tmp_path)
    assert (result.exit_code, result.stderr.startswith("tocsin: no case with a truth there")) == (2, True)


def test_what_is_no_case_is_one_line_and_status_2(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("no")
    result = run(tmp_path / "a.json")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [(["INC-1", "--cause", "gremlins"], "there is no cause gremlins"), (["one"], "say INC-n")],
    ids=["cause", "number"],
)
def test_a_mistaken_export_is_one_line_and_status_2(arguments: list[str], why: str) -> None:
    result = CliRunner().invoke(case, ["export", *arguments])
    assert (result.exit_code, why in result.stderr) == (2, True)
