"""`tocsin noise`."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.cli.conftest import Run, refused


def test_it_begins_with_what_clouds_move_and_can_be_changed(run_apart: Callable[..., str]) -> None:
    usual = json.loads(run_apart("noise", "list", "--output", "json"))
    assert ("aws_ecs_service.*", "desired_count") in {(entry["address"], entry["attribute"]) for entry in usual}
    made = run_apart("noise", "add", "aws_instance.*", "tags.*", "--why", "a tagger", "--output", "json")
    assert "a tagger" in run_apart("noise", "list")
    run_apart("noise", "remove", str(json.loads(made)["id"]))
    assert json.loads(run_apart("noise", "list", "--output", "json")) == usual


def test_a_mistake_is_one_line(run: Run) -> None:
    assert refused(run("noise", "remove", "99"), "there is no entry 99")
    nowhere = run("noise", "add", "*", "tags", "--why", "x", "--environment", "no/where")
    assert refused(nowhere, "there is no environment no/where")
