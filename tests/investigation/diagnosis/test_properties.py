"""Laws of a diagnosis, whatever the world: order does not matter, asking again does not, and support never hurts."""

import importlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.investigation.diagnosis import Report, Subject, diagnose, parse_snapshot
from tocsin.investigation.diagnosis.cause import catalogue
from tocsin.investigation.diagnosis.evidence import Citation
from tocsin.investigation.diagnosis.ranking import evidence_sum

NAMES = [cause.name.replace("-", "_") for cause in catalogue()]
MANY = settings(max_examples=40, deadline=None)

weights = st.floats(0.1, 5.0)
citations = st.builds(
    lambda place, group, weight: Citation(f"Pod/shop/{group}#/{place}", place, weight, Subject("Pod", "shop", group)),
    st.integers(0, 5),
    st.sampled_from("abc"),
    weights,
)


def document(names: list[str]) -> dict[str, Any]:
    """Return the worlds of several causes put together."""
    held: dict[str, Any] = {}
    for name in names:
        module = importlib.import_module(f"tests.investigation.diagnosis.causes.kubernetes.test_{name}")
        for section, value in json.loads(module.FIRES).items():
            if isinstance(value, list):
                held[section] = held.get(section, []) + value
            elif isinstance(value, dict):
                held[section] = held.get(section, {}) | value
            else:
                held[section] = value
    return held


def told(held: dict[str, Any]) -> Report:
    return diagnose(parse_snapshot(json.dumps(held).encode()))


worlds = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(document)


@MANY
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_what_was_read_does_not_matter(held: dict[str, Any], random: Any) -> None:
    shuffled = {section: random.sample(held[section], len(held[section])) for section in ("objects", "events")}
    assert told(held | shuffled) == told(held)


@MANY
@given(worlds)
def test_asking_again_gives_the_same_report(held: dict[str, Any]) -> None:
    assert told(held) == told(held)


@MANY
@given(worlds)
def test_every_cite_opens(held: dict[str, Any]) -> None:
    snapshot = parse_snapshot(json.dumps(held).encode())
    for hypothesis in diagnose(snapshot).hypotheses:
        for evidence in (*hypothesis.evidence, *hypothesis.against):
            snapshot.resolve(evidence.ref)


@MANY
@given(worlds)
def test_a_report_survives_being_written(held: dict[str, Any]) -> None:
    report = told(held)
    assert Report.from_json(report.to_json()) == report


@MANY
@given(worlds)
def test_confidences_are_probabilities_and_ordered_ranks(held: dict[str, Any]) -> None:
    report = told(held)
    assert all(0.0 < hypothesis.confidence < 1.0 for hypothesis in report.hypotheses)
    assert [hypothesis.rank for hypothesis in report.hypotheses] == list(range(1, len(report.hypotheses) + 1))


@given(st.lists(citations), citations)
def test_supporting_evidence_never_lowers_a_sum(held: list[Citation], more: Citation) -> None:
    before, after = (sum(evidence_sum(cites).values()) for cites in (held, [*held, more]))
    assert after >= before - 1e-9
