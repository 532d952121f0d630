"""`tocsin diagnose terraform` as people and scripts run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.test_diagnose import report_schema
from tests.investigation.deployments import error
from tocsin.cli import main

LOG = error("creating IAM Role (app): EntityAlreadyExists: Role with name app already exists.", at="aws_iam_role.app")


def diagnose(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["diagnose", "terraform", *map(str, arguments)], input=stdin)


def test_a_cause_is_found_and_the_status_is_0() -> None:
    result = diagnose("-", stdin=LOG)
    assert result.exit_code == 0
    assert "cause: already-exists (already_exists)" in result.stdout


def test_what_nobody_knows_is_inconclusive_and_the_status_is_3() -> None:
    assert diagnose("-", stdin="Error: the flux capacitor hums\n").exit_code == 3


def test_json_follows_the_schema(tmp_path: Path) -> None:
    (tmp_path / "apply.log").write_text(LOG)
    result = diagnose(tmp_path / "apply.log", "--exit-code", 1, "--output", "json")
    report_schema().validate(json.loads(result.stdout))


@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_a_runbook_comes_in_every_form(output: str) -> None:
    result = diagnose("-", "--runbook", "--output", output, stdin=LOG)
    assert "terraform" in result.stdout
    assert ("Runbook" in result.stdout) == (output != "json")


def test_a_plan_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("no")
    result = diagnose("-", "--plan", tmp_path / "plan.json", stdin=LOG)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_log_that_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    result = diagnose(tmp_path / "gone.log")
    assert (result.exit_code, "gone.log" in result.stderr) == (2, True)


@pytest.mark.parametrize("log", ["", " \n\n"])
def test_an_empty_log_is_refused_in_one_line_unless_there_is_something_else(log: str) -> None:
    result = diagnose("-", stdin=log)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "the log is empty" in result.stderr
    assert diagnose("-", "--exit-code", "137", stdin=log).exit_code == 0


def test_secrets_of_a_log_are_not_shown() -> None:
    stdin = error(
        "connecting postgres://admin:S3cr3t-Pa55@db: password authentication failed", at="postgresql_role.app"
    )
    assert "S3cr3t-Pa55" not in diagnose("-", "--output", "json", stdin=stdin).stdout
