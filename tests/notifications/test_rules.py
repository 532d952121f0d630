"""Which channel hears of what, and because of what."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.notifications.saying import FACTS
from tocsin.incidents.triage import Severity
from tocsin.notifications.channel import Usual
from tocsin.notifications.notice import Facts, Kind
from tocsin.notifications.rules import Audience, BadRule, Hours, Judgement, Rule, first_rules, judge, parse, written

LOW = msgspec.structs.replace(FACTS, severity="low")


def heard(rules: tuple[Rule, ...], kind: Kind, facts: Facts = FACTS, **more: Any) -> Judgement:
    values: dict[str, Any] = {"is_business_time": True, "was_told": False, "follows": frozenset()} | more
    return judge(rules, kind, facts, **values)


@pytest.mark.parametrize(
    ("usual", "kind", "severity", "tells"),
    [
        (Usual.NEWS, Kind.NEW, "low", True),
        (Usual.NEWS, Kind.RAISED, "critical", False),
        (Usual.NEWS, Kind.RESOLVED, "high", True),
        (Usual.ROOM, Kind.RAISED, "high", True),
        (Usual.ROOM, Kind.NOTE, "high", False),
        (Usual.CRITICAL, Kind.NEW, "critical", True),
        (Usual.CRITICAL, Kind.NEW, "high", False),
        (Usual.CRITICAL, Kind.RAISED, "critical", True),
        (Usual.EVERYTHING, Kind.NOTE, "low", True),
        (Usual.TICKETS, Kind.NEW, "low", True),
        (Usual.TICKETS, Kind.NEW, "medium", False),
        (Usual.NOTHING, Kind.NEW, "critical", False),
    ],
)
def test_channels_begin_with_what_is_usual(usual: Usual, kind: Kind, severity: str, tells: bool) -> None:
    facts = msgspec.structs.replace(FACTS, severity=severity)
    assert heard(first_rules(Audience.USUAL, usual), kind, facts).tells is tells


@pytest.mark.parametrize(
    ("audience", "severity", "tells"),
    [
        ("leadership", "critical", True),
        ("leadership", "high", False),
        ("a team", "medium", True),
        ("a team", "low", False),
    ],
)
def test_leadership_hears_of_what_is_critical_and_a_team_of_medium_and_worse(
    audience: str, severity: str, tells: bool
) -> None:
    facts = msgspec.structs.replace(FACTS, severity=severity)
    assert heard(first_rules(Audience(audience), Usual.NOTHING), Kind.NEW, facts).tells is tells


def test_what_was_begun_is_finished_whatever_the_severity_is_by_then() -> None:
    follows = frozenset({Kind.RESOLVED})
    rules = first_rules(Audience.USUAL, Usual.CRITICAL)
    assert heard(rules, Kind.RESOLVED, LOW, was_told=True, follows=follows).tells
    assert not heard(rules, Kind.RESOLVED, LOW, follows=follows).tells


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rule(frozenset({Kind.NOTE})), "“new” is not among note"),
        (Rule(frozenset({Kind.NEW}), frozenset({Severity.LOW})), "severity critical is not among low"),
        (Rule(frozenset({Kind.NEW}), projects=frozenset({"bank"})), "project shop is not among bank"),
        (Rule(frozenset({Kind.NEW}), services=frozenset({"mail"})), "none of mail is affected"),
        (Rule(frozenset({Kind.NEW}), hours=Hours.OTHERWISE), "the rule holds outside business hours"),
    ],
)
def test_what_is_not_told_has_its_reason(rule: Rule, why: str) -> None:
    assert heard((rule,), Kind.NEW) == Judgement(False, why)


def test_without_a_rule_nothing_is_told() -> None:
    assert heard((), Kind.NEW) == Judgement(False, "there is no rule")


def test_a_rule_is_read_back_as_it_was_written() -> None:
    rule = Rule(
        frozenset({Kind.NEW}), frozenset({Severity.HIGH}), frozenset({"shop"}), frozenset({"cart"}), Hours.BUSINESS
    )
    assert parse(written(rule)) == rule
    assert str(rule) == "high: new; of shop; affecting cart; business hours"


@pytest.mark.parametrize("document", [{}, {"kinds": ["page"]}, {"kinds": ["x"]}, {"kinds": ["new"], "hours": "never"}])
def test_a_rule_that_makes_no_sense_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(BadRule):
        parse(document)
