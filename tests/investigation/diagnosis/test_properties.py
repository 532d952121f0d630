"""Laws of a diagnosis, whatever the world: order does not matter, asking again does not, and support never hurts."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.investigation.suite import fires
from tocsin.investigation.diagnosis import Report, Subject, diagnose, parse_snapshot
from tocsin.investigation.diagnosis.cause import catalogue
from tocsin.investigation.diagnosis.evidence import Citation
from tocsin.investigation.diagnosis.ranking import evidence_sum

WORLDS = [document for cause in catalogue() for document in fires(cause).values()]
MANY = settings(max_examples=40, deadline=None)

ODD = st.sampled_from([None, 0, -1, "", "x/y#z", "9" * 5000, True, 1.5, {}, [], [None], {"a": None}])

weights = st.floats(0.1, 5.0)
citations = st.builds(
    lambda place, group, weight: Citation(f"Pod/shop/{group}#/{place}", place, weight, Subject("Pod", "shop", group)),
    st.integers(0, 5),
    st.sampled_from("abc"),
    weights,
)


def document(worlds: list[bytes]) -> dict[str, Any]:
    """Return the worlds of several causes put together."""
    held: dict[str, Any] = {}
    for world in worlds:
        for section, value in json.loads(world).items():
            if isinstance(value, list):
                held[section] = held.get(section, []) + value
            elif isinstance(value, dict):
                held[section] = held.get(section, {}) | value
            else:
                held[section] = value
    return held


def told(held: dict[str, Any]) -> Report:
    return diagnose(parse_snapshot(json.dumps(held).encode()))


worlds = st.lists(st.sampled_from(WORLDS), min_size=1, max_size=3, unique=True).map(document)


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


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything inside a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in inside for found in [(*at, key), *places(item, (*at, key))]]


@settings(max_examples=200, deadline=None)
@given(worlds, st.data())
def test_odd_values_cost_a_gap_and_never_the_diagnosis(held: dict[str, Any], data: st.DataObject) -> None:
    *way, last = data.draw(st.sampled_from([place for place in places(held) if place != ("format",)]))
    spoiled = json.loads(json.dumps(held))
    inside = spoiled
    for key in way:
        inside = inside[key]
    inside[last] = data.draw(ODD)
    assert not [gap for gap in told(spoiled).gaps if " broke: " in gap]
