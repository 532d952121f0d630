"""Which regular expressions are taken, and that none of those can take long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.alerts.patterns import LONGEST_PATTERN, BadPattern, compiled

TAKEN = ("shop|cart", ".*", "web-[0-9]+", "^a$", "(foo|bar)?-x", r"10\.0\.\d+\.\d+", ".*a.*|.*b.*", "a{2,3}", "[^x]y")
REFUSED = ("(a+)+", "a**", "(a|b)*", "(?P<x>a)", r"(a)\1", "(?=x)", "[", "x(", ".*.*.*.*", "*", "a{1,9}{2}", "(?i)x")


@pytest.mark.parametrize("pattern", TAKEN)
def test_what_alerting_rules_use_is_taken(pattern: str) -> None:
    assert compiled(pattern).pattern == pattern


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_could_take_for_ever_or_is_wrong_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compiled(pattern)


def test_a_pattern_has_an_end() -> None:
    with pytest.raises(BadPattern, match=str(LONGEST_PATTERN)):
        compiled("a" * (LONGEST_PATTERN + 1))


def test_brackets_within_brackets_are_themselves() -> None:
    assert compiled("[[a]").fullmatch("[")


@settings(max_examples=300)
@given(st.text(alphabet="ab.*+?()[]{}|\\^$1,-", max_size=12))
def test_a_pattern_is_refused_or_works(pattern: str) -> None:
    try:
        found = compiled(pattern)
    except BadPattern:
        return
    assert isinstance(found, re.Pattern)
    found.fullmatch("ab" * 20)
