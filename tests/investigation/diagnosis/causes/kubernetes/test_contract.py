"""What every cause owes: silence without evidence, cites that open, the same answer twice, a docstring and tests."""

import importlib
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.investigation.worlds import look, scene, seen
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.cause import Cause, Finding, catalogue
from tocsin.investigation.diagnosis.evidence import Citation

PACKAGE = "tocsin.investigation.diagnosis.causes.kubernetes"
CAUSES = pytest.mark.parametrize("cause", catalogue(), ids=lambda cause: cause.name)


MODES = pytest.mark.parametrize(
    ("cause", "mode"),
    [(cause, mode) for cause in catalogue() for mode in cause.modes or ("",)],
    ids=lambda value: value.name if isinstance(value, Cause) else value,
)


def world_of(cause: Cause, part: str, mode: str = "") -> bytes:
    """Return a document of the cause's own test module: `FIRES`, in which it fires, or `QUIET`, a near miss.

    A cause with several modes has a mapping of each mode to its document.
    """
    module = importlib.import_module(f"{__package__}.test_{cause.name.replace('-', '_')}")
    held: bytes | dict[str, bytes] = getattr(module, part)
    if isinstance(held, bytes):
        assert len(cause.modes) < 2, f"{cause.name} has several modes, each needs a document in {part}"
        return held
    assert sorted(held) == sorted(cause.modes)
    return held[mode or cause.modes[0]]


def told(findings: list[Finding]) -> list[tuple[str, str, list[Citation]]]:
    return sorted((str(f.subject), f.summary, sorted(f.cites, key=lambda cite: cite.ref)) for f in findings)


@CAUSES
def test_is_silent_where_nothing_was_collected(cause: Cause) -> None:
    assert look(cause, b'{"format": "tocsin-snapshot/1"}') == []


@CAUSES
def test_is_silent_in_an_empty_world(cause: Cause) -> None:
    assert look(cause, scene()) == []


@MODES
def test_fires_in_its_world(cause: Cause, mode: str) -> None:
    assert [found for found in look(cause, world_of(cause, "FIRES", mode)) if not found.against]


@MODES
def test_is_quiet_at_the_near_miss(cause: Cause, mode: str) -> None:
    assert [found for found in look(cause, world_of(cause, "QUIET", mode)) if not found.against] == []


@MODES
def test_ranks_first_in_its_world(cause: Cause, mode: str) -> None:
    report = diagnose(parse_snapshot(world_of(cause, "FIRES", mode)))
    assert not mode or report.hypotheses[0].cause == cause.name


@MODES
def test_cites_only_what_is_stored(cause: Cause, mode: str) -> None:
    world = seen(world_of(cause, "FIRES", mode))
    for cite in (cite for found in cause.look(world) for cite in found.cites):
        stored = world.snapshot.resolve(cite.ref)
        assert isinstance(stored, dict | list) or stored == cite.value or str(stored).startswith(str(cite.value))


@CAUSES
def test_says_the_same_whatever_the_order(cause: Cause) -> None:
    document = json.loads(world_of(cause, "FIRES"))
    for section in ("objects", "events"):
        random.Random(7).shuffle(document[section])
    assert told(look(cause, json.dumps(document).encode())) == told(look(cause, world_of(cause, "FIRES")))


@CAUSES
def test_explains_itself_and_says_when_it_is_wrong(cause: Cause) -> None:
    first, _, doubt = cause.explanation.partition(" When it is wrong: ")
    assert first.count(". ") >= 1
    assert doubt.endswith(".")


def test_every_file_is_a_cause() -> None:
    files = {path.stem for path in Path(importlib.import_module(PACKAGE).__path__[0]).glob("[a-z]*.py")}
    assert files == {cause.name.replace("-", "_") for cause in catalogue()}


def test_no_mode_is_claimed_twice() -> None:
    claimed = Counter(mode for cause in catalogue() for mode in cause.modes)
    assert [mode for mode, count in claimed.items() if count > 1] == []
