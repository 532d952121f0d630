"""The text for a tired person."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.cli.reports import LOOK, POD, RAISE, hypothesis, report
from tocsin.cli.rendering.text import render_text
from tocsin.investigation.diagnosis.report import Evidence, Report


def test_the_first_lines_say_what_why_and_how_sure() -> None:
    first, second, *_ = render_text(report(hypothesis()), width=80).splitlines()
    assert first.split("  ")[0] == "Deployment cart in shop"
    assert first.endswith("almost certain, 93%")
    assert second.strip() == "cart was killed for memory at its limit of 384Mi."


def test_evidence_shows_its_value_and_where_it_is_stored() -> None:
    text = render_text(report(hypothesis()))
    assert f"  {POD}\n" in text
    assert re.search(r"OOMKilled +#/status/containerStatuses/0/lastState/terminated/reason", text)


def test_a_command_brings_what_to_check_how_to_verify_and_how_to_undo() -> None:
    text = render_text(report(hypothesis()))
    order = ["reversible", "Before: A node", "memory=768Mi", "It worked if: successfully", "Undo:", "memory=384Mi"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_every_command_stands_whole_on_a_line_of_its_own(width: int) -> None:
    lines = render_text(report(hypothesis(commands=(RAISE, LOOK))), width=width).splitlines()
    shown = [shlex.split(line) for line in lines if line.strip().startswith("kubectl ")]
    assert RAISE.undo is not None
    assert RAISE.verify is not None
    assert shown == [list(argv) for argv in (RAISE.argv, RAISE.verify.argv, RAISE.undo.argv, LOOK.argv)]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_prose_keeps_to_the_width(width: int) -> None:
    long = hypothesis(explanation="It takes many words to say this. " * 9, summary="so many names " * 20)
    lines = render_text(report(long, gaps=("logs: 403 " * 30,)), width=width).splitlines()
    prose = [line for line in lines if not line.strip().startswith(("kubectl ", "#/"))]
    assert max(map(len, prose)) <= width


def test_the_others_are_named_with_their_confidence() -> None:
    other = hypothesis(rank=2, confidence=0.04, summary="the node ran out of memory", cause="node-memory")
    assert " 4%  the node ran out of memory (node-memory)" in render_text(report(hypothesis(), other))


def test_what_could_not_be_read_is_said() -> None:
    text = render_text(report(hypothesis(), gaps=("logs shop/cart: 403 from the API server",)))
    assert "Could not be read\n  - logs shop/cart: 403 from the API server" in text


def test_healthy_says_so_at_once() -> None:
    assert render_text(report(outcome="healthy")).startswith("Healthy: ")


def test_inconclusive_names_the_check_that_would_settle_it() -> None:
    text = render_text(
        report(hypothesis(confidence=0.3, confidence_label="low", commands=(LOOK,)), outcome="inconclusive")
    )
    assert text.startswith("Inconclusive: ")
    assert "kubectl -n shop logs cart-6d5f-x2k7p --previous" in text


def test_inconclusive_offers_no_change() -> None:
    text = render_text(report(hypothesis(confidence=0.3, confidence_label="low"), outcome="inconclusive"))
    assert "set resources" not in text


def test_without_colour_there_is_no_escape_sequence() -> None:
    assert "\x1b" not in render_text(report(hypothesis()))


def test_colour_adds_nothing_but_colour() -> None:
    coloured = render_text(report(hypothesis()), colour=True)
    assert re.sub(r"\x1b\[\d+m", "", coloured) == render_text(report(hypothesis()))


def test_a_hostile_log_line_reaches_nobodys_terminal() -> None:
    evil = Evidence("e1", "logs/shop/cart/cart/current#L1", "\x1b]0;gone\x07\x1b[2Jrm -rf\r\u202e", 1.0)
    text = render_text(report(hypothesis(evidence=(evil,), summary="\x1b[1mbold\x1b[0m\x07")))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_many_pieces_of_evidence_leave_the_strongest() -> None:
    pieces = tuple(Evidence(f"e{number}", f"{POD}#/{number}", f"value {number}", float(number)) for number in range(9))
    text = render_text(report(hypothesis(evidence=pieces)))
    assert "value 8" in text
    assert "value 3" not in text
    assert "4 more like these in --output json" in text


def test_the_same_of_several_pods_is_shown_once() -> None:
    pieces = tuple(Evidence(f"e{number}", f"Pod/shop/cart-{number}#/reason", "OOMKilled", 1.0) for number in range(3))
    text = render_text(report(hypothesis(evidence=pieces)))
    assert text.count("OOMKilled") == 1
    assert "2 more like these" in text


def test_many_commands_leave_the_first_four() -> None:
    text = render_text(report(hypothesis(commands=(LOOK,) * 6)))
    assert text.count("  kubectl ") == 4


def test_gaps_of_one_reason_share_a_line() -> None:
    gaps = ("logs shop/a/a: 403 Forbidden", "logs shop/b/b: 403 Forbidden", "pods: 403 Forbidden", "events: timed out")
    text = render_text(report(hypothesis(), gaps=gaps))
    assert "- logs of 2 (shop/a/a and others), pods: 403 Forbidden" in text
    assert "- events: timed out" in text


def test_inconclusive_without_an_idea_says_where_to_look() -> None:
    assert "kubectl -n shop get events --sort-by=.lastTimestamp" in render_text(report(outcome="inconclusive"))


def test_where_nothing_could_be_read_that_is_said_first() -> None:
    text = render_text(Report(outcome="inconclusive", gaps=("objects: can't connect",)))
    assert "nothing could be looked at" in text
    assert "kubectl" not in text


def test_a_long_value_is_broken_where_it_must() -> None:
    long = Evidence("e1", "Service/shop/cart#/spec/selector", '{"a":"' + "b" * 90 + '"}', 1.0)
    lines = render_text(report(hypothesis(evidence=(long,))), width=70).splitlines()
    assert max(len(line) for line in lines if "bbb" in line) <= 70


def test_an_empty_value_can_be_seen() -> None:
    empty = Evidence("e1", f"{POD}#/spec/nodeName", "", 1.0)
    assert "(empty)" in render_text(report(hypothesis(evidence=(empty,))))
