"""`tocsin noise`, on a data folder of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_admin import refused, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("noise")


def test_it_begins_with_what_clouds_move_and_can_be_changed(folder: Path) -> None:
    usual = json.loads(run(folder, "noise", "list", "--output", "json").stdout)
    assert ("aws_ecs_service.*", "desired_count") in {(entry["address"], entry["attribute"]) for entry in usual}
    made = run(folder, "noise", "add", "aws_instance.*", "tags.*", "--why", "a tagger", "--output", "json")
    number = json.loads(made.stdout)["id"]
    assert "a tagger" in run(folder, "noise", "list").stdout
    assert run(folder, "noise", "remove", str(number)).returncode == 0
    assert json.loads(run(folder, "noise", "list", "--output", "json").stdout) == usual


def test_a_mistake_is_one_line(folder: Path) -> None:
    assert refused(run(folder, "noise", "remove", "99"), "there is no entry 99")
    nowhere = run(folder, "noise", "add", "*", "tags", "--why", "x", "--environment", "no/where")
    assert refused(nowhere, "there is no environment no/where")
