"""What every cause owes: silence without evidence, cites that open, the same answer twice, a docstring and tests."""

import importlib
import json
import random
from pathlib import Path
from types import ModuleType

import pytest

from tests.investigation.worlds import look, scene, seen
from tocsin.investigation.diagnosis.cause import Cause, Finding, catalogue
from tocsin.investigation.diagnosis.evidence import Citation

PACKAGE = "tocsin.investigation.diagnosis.causes.kubernetes"
CAUSES = pytest.mark.parametrize("cause", catalogue(), ids=lambda cause: cause.name)


def worlds_of(cause: Cause) -> ModuleType:
    """Return the cause's own test module: `FIRES` is a document in which it fires, `QUIET` a near miss."""
    return importlib.import_module(f"{__package__}.test_{cause.name.replace('-', '_')}")


def told(findings: list[Finding]) -> list[tuple[str, str, list[Citation]]]:
    return sorted((str(f.subject), f.summary, sorted(f.cites, key=lambda cite: cite.ref)) for f in findings)


@CAUSES
def test_is_silent_where_nothing_was_collected(cause: Cause) -> None:
    assert look(cause, b'{"format": "tocsin-snapshot/1"}') == []


@CAUSES
def test_is_silent_in_an_empty_world(cause: Cause) -> None:
    assert look(cause, scene()) == []


@CAUSES
def test_fires_in_its_world(cause: Cause) -> None:
    assert [found for found in look(cause, worlds_of(cause).FIRES) if not found.against]


@CAUSES
def test_is_quiet_at_the_near_miss(cause: Cause) -> None:
    assert [found for found in look(cause, worlds_of(cause).QUIET) if not found.against] == []


@CAUSES
def test_cites_only_what_is_stored(cause: Cause) -> None:
    world = seen(worlds_of(cause).FIRES)
    for cite in (cite for found in cause.look(world) for cite in found.cites):
        stored = world.snapshot.resolve(cite.ref)
        assert isinstance(stored, dict | list) or stored == cite.value or str(stored).startswith(str(cite.value))


@CAUSES
def test_says_the_same_whatever_the_order(cause: Cause) -> None:
    document = json.loads(worlds_of(cause).FIRES)
    for section in ("objects", "events"):
        random.Random(7).shuffle(document[section])
    assert told(look(cause, json.dumps(document).encode())) == told(look(cause, worlds_of(cause).FIRES))


@CAUSES
def test_explains_itself_and_says_when_it_is_wrong(cause: Cause) -> None:
    first, _, doubt = cause.explanation.partition(" When it is wrong: ")
    assert first.count(". ") >= 1
    assert doubt.endswith(".")


def test_every_file_is_a_cause() -> None:
    files = {path.stem for path in Path(importlib.import_module(PACKAGE).__path__[0]).glob("[a-z]*.py")}
    assert files == {cause.name.replace("-", "_") for cause in catalogue()}
