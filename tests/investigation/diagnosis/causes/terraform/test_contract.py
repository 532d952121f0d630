"""What every cause of failed deployments owes: silence without evidence, cites that open, first in its own world."""

import importlib
import json
from pathlib import Path

import pytest

from tests.investigation.deployments import failed, look, report
from tests.investigation.diagnosis.causes.terraform.near_misses import QUIET
from tests.investigation.diagnosis.causes.terraform.worlds import FIRES
from tests.investigation.diagnosis.documents import validator
from tests.investigation.worlds import scene, seen
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.cause import Cause, catalogue

PACKAGE = "tocsin.investigation.diagnosis.causes.terraform"
CATEGORIES = {
    *("configuration_error", "dependency_ordering", "authentication", "permission", "version_constraint"),
    *("already_exists", "network", "quota_capacity", "provider_bug", "core_bug", "state_drift", "state_lock"),
    *("state_backend", "policy", "rate_limit", "timeout", "not_found", "validation"),
}
CAUSES = pytest.mark.parametrize("cause", catalogue("terraform"), ids=lambda cause: cause.name)


@CAUSES
def test_is_silent_without_a_deployment(cause: Cause) -> None:
    assert look(cause, scene()) == []


@CAUSES
def test_is_silent_about_a_run_without_a_log(cause: Cause) -> None:
    assert look(cause, failed("")) == []


@CAUSES
def test_is_silent_about_a_run_that_succeeded(cause: Cause) -> None:
    assert look(cause, failed("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.", exit_code=0)) == []


@CAUSES
def test_ranks_first_in_its_world(cause: Cause) -> None:
    found = diagnose(parse_snapshot(FIRES[cause.name]))
    assert found.outcome == "diagnosed"
    assert (found.hypotheses[0].cause, found.hypotheses[0].confidence >= 0.6) == (cause.name, True)


@CAUSES
def test_is_quiet_at_the_near_miss(cause: Cause) -> None:
    assert look(cause, QUIET[cause.name]) == []


@CAUSES
def test_cites_only_what_is_stored(cause: Cause) -> None:
    world = seen(FIRES[cause.name])
    for cite in (cite for found in cause.look(world) for cite in found.cites):
        assert str(cite.value) in str(world.snapshot.resolve(cite.ref))


@CAUSES
def test_gives_commands_without_anything_to_fill_in(cause: Cause) -> None:
    commands = [command for found in look(cause, FIRES[cause.name]) for command in found.remedies]
    lines = [command.argv for command in commands]
    lines += [command.undo.argv for command in commands if command.undo]
    lines += [command.verify.argv for command in commands if command.verify]
    assert lines
    assert not [argv for argv in lines if "" in argv or any("<" in word or "…" in word for word in argv)]


@CAUSES
def test_explains_itself_and_says_when_it_is_wrong(cause: Cause) -> None:
    first, _, doubt = cause.explanation.partition(" When it is wrong: ")
    assert first.count(". ") >= 1
    assert doubt.endswith(".")
    assert cause.category in CATEGORIES


@CAUSES
def test_its_world_and_its_report_follow_the_schemas(cause: Cause) -> None:
    validator("snapshot").validate(json.loads(FIRES[cause.name]))
    validator("report").validate(json.loads(diagnose(parse_snapshot(FIRES[cause.name])).to_json()))


def test_every_file_is_a_cause_with_worlds() -> None:
    files = {path.stem for path in Path(importlib.import_module(PACKAGE).__path__[0]).glob("[a-z]*.py")}
    names = {cause.name for cause in catalogue("terraform")}
    assert files == {name.replace("-", "_") for name in names}
    assert names == set(FIRES) == set(QUIET)


def test_names_are_not_those_of_other_families() -> None:
    assert not {cause.name for cause in catalogue("terraform")} & {cause.name for cause in catalogue("kubernetes")}


def test_a_run_that_succeeded_is_healthy() -> None:
    found = report("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.", exit_code=0)
    assert (found.outcome, found.hypotheses) == ("healthy", ())


def test_an_error_that_nobody_knows_is_inconclusive() -> None:
    found = report("Error: the flux capacitor hums", exit_code=1)
    assert (found.outcome, found.hypotheses) == ("inconclusive", ())
