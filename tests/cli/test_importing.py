"""`tocsin import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, refused
from tests.oncall.imports.test_pagerduty import USERS, layer, policy, schedule


@pytest.fixture(autouse=True)
def _a_project(run: Run) -> None:
    run("source", "add", "generic", "shop/production")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """What PagerDuty's API answers, in a folder."""
    calls = policy({"id": "S1", "type": "schedule_reference"})
    answers = {
        "users": {"users": USERS},
        "schedule-S1": {"schedule": schedule(layer())},
        "policies": {"escalation_policies": [calls]},
        "services": {"services": [{"id": "K", "name": "Kettle"}]},
    }
    for name, answer in answers.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(answer))
    return tmp_path


def test_an_export_is_planned_imported_and_imported_again(run: Run, export: Path) -> None:
    command = ("import", "pagerduty", str(export), "--role", "responder")
    plan = run(*command, "--plan")
    assert plan.stdout.splitlines()[:4] == [
        "+ person mina (responder, no password yet)",
        "+ person noor (responder, no password yet)",
        "+ person otto (responder, no password yet)",
        "+ schedule tea",
    ], plan.stderr
    assert plan.stdout.endswith("Plan, nothing is written: 6 made.\n")
    assert run(*command).stdout.endswith("Imported: 6 made.\n")
    assert run(*command).stdout.endswith("Nothing to do: 6 left.\n")
    told = json.loads(run(*command, "--output", "json").stdout)
    assert ({line["what"] for line in told["lines"]}, told["cannot"]) == ({"left"}, [])


def test_what_can_not_be_made_is_told(run: Run, export: Path) -> None:
    plan = run("import", "pagerduty", str(export / "schedule-S1.json"), "--plan")
    assert "can't be made: schedule Tea: “Layer 1” names the user U1, not in the export" in plan.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("opsgenie", "policies.json"), "no folder or file called users"),
        (("pagerduty", "nowhere"), "there is no "),
        (("pagerduty", "notes.txt"), "notes.txt is no JSON"),
        (("pagerduty", "empty"), "there is no file *.json"),
        (("pagerduty", "users.json", "--project", "moon"), "there is no project moon; there is shop"),
    ],
)
def test_what_can_not_be_read_is_refused_in_one_line(
    run: Run, export: Path, arguments: tuple[str, ...], why: str
) -> None:
    (export / "notes.txt").write_text("tea")
    (export / "empty").mkdir()
    product, name, *options = arguments
    assert refused(run("import", product, str(export / name), *options), why)


def test_nobody_is_made_an_admin(run: Run, export: Path) -> None:
    done = run("import", "pagerduty", str(export), "--role", "admin")
    assert (done.exit_code, "'admin' is not one of" in done.stderr) == (2, True)
