"""A cited value where it stands."""

import json

import pytest

from tests.web.pages.stored import LAST_WORDS, REASON, SNAPSHOT
from tocsin.investigation.diagnosis.reference import BadReferenceError
from tocsin.investigation.diagnosis.snapshot import parse_snapshot
from tocsin.web.pages.excerpt import Line, cut, excerpt, outline

SNAP = parse_snapshot(json.dumps(SNAPSHOT).encode())


def test_a_field_is_marked_in_its_object() -> None:
    [cited] = [line.text.strip() for line in excerpt(SNAP, REASON) if line.is_cited]
    assert cited == "reason: OOMKilled"


def test_the_lines_that_lead_to_a_field_are_shown_however_far_above() -> None:
    texts = [line.text.strip() for line in excerpt(SNAP, REASON)]
    assert texts.index("status:") < texts.index("terminated:") < texts.index("reason: OOMKilled")


def test_a_log_line_is_marked_by_its_number() -> None:
    assert [(line.number, line.is_cited) for line in excerpt(SNAP, LAST_WORDS)] == [(1, False), (2, True)]


def test_a_whole_subtree_can_be_cited() -> None:
    cited = [line.text.strip() for line in excerpt(SNAP, "Pod/shop/cart-1#/metadata/labels") if line.is_cited]
    assert cited == ["labels:", "app: cart"]


@pytest.mark.parametrize("reference", ["", "nonsense", "Pod/shop/other#/status", "Pod/shop/cart-1#/status/nothing"])
def test_what_is_not_there_is_refused(reference: str) -> None:
    with pytest.raises(BadReferenceError):
        excerpt(SNAP, reference)


def test_lines_far_from_the_cited_one_are_counted_instead_of_shown() -> None:
    shown = cut([Line(n, f"line {n}", n == 50) for n in range(1, 101)], around=2)
    assert [(line.number, line.skipped) for line in shown] == [(48, 47), (49, 0), (50, 0), (51, 0), (52, 0)]


def test_a_line_of_a_deployments_log_is_shown_without_its_colours() -> None:
    log = "".join(f"line {number}\n" for number in range(1, 50)) + "\x1b[31mError: no such zone\x1b[0m\nend"
    snapshot = {"format": "tocsin-snapshot/1", "deployment": {"log": log}}
    shown = excerpt(parse_snapshot(json.dumps(snapshot).encode()), "deployment/log#L50")
    assert [(line.number, line.text) for line in shown if line.is_cited] == [(50, "Error: no such zone")]
    assert (shown[0].number, shown[0].skipped, shown[-1].text) == (44, 43, "end")


def test_keys_with_slashes_are_found() -> None:
    lines = dict(outline({"a/b": {"c~d": 1}}, "/a~1b/c~0d"))
    assert lines == {"a/b:": False, "  c~d: 1": True}


def test_text_of_several_lines_stays_on_one() -> None:
    assert [text for text, _ in outline({"script": "a\nb"}, "")] == [r'script: "a\nb"']
