"""`tocsin noise`."""

from __future__ import annotations

import json

from tests.cli.conftest import Run, refused


def test_it_begins_with_what_clouds_move_and_can_be_changed(run: Run) -> None:
    usual = json.loads(run("noise", "list", "--output", "json").stdout)
    assert ("aws_ecs_service.*", "desired_count") in {(entry["address"], entry["attribute"]) for entry in usual}
    made = run("noise", "add", "aws_instance.*", "tags.*", "--why", "a tagger", "--output", "json")
    number = json.loads(made.stdout)["id"]
    assert "a tagger" in run("noise", "list").stdout
    assert run("noise", "remove", str(number)).exit_code == 0
    assert json.loads(run("noise", "list", "--output", "json").stdout) == usual


def test_a_mistake_is_one_line(run: Run) -> None:
    assert refused(run("noise", "remove", "99"), "there is no entry 99")
    nowhere = run("noise", "add", "*", "tags", "--why", "x", "--environment", "no/where")
    assert refused(nowhere, "there is no environment no/where")
