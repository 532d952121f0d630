"""Which alerts a silence is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tocsin.alerts.silencing import About, BadMatcher, Matcher, Silence, parse_matchers, silenced_by

LABELS = {"namespace": "shop", "severity": "warning"}
DISK = About(1, "DiskFull", LABELS, service="cart", source="prod")


def silence(text: str, environment: int | None = 1, id_: int = 1) -> Silence:
    return Silence(id_, environment, parse_matchers(text), NOW, "night work")


@pytest.mark.parametrize(
    "text",
    [
        'namespace="shop"',
        "namespace = shop",
        'namespace=~"sh.p|cart"',
        'severity!="critical"',
        'severity!~"crit.*"',
        'pod=""',
        '@title="DiskFull"',
        '@service=~"c.*"\n\n@source="prod"',
        "",
    ],
)
def test_it_matches(text: str) -> None:
    assert silence(text).matches(DISK)


@pytest.mark.parametrize(
    "text", ['namespace="cart"', 'namespace=~"sho"', 'namespace!~".*"', 'pod!=""', '@service="web"']
)
def test_it_does_not_match(text: str) -> None:
    assert not silence(text).matches(DISK)


def test_all_matchers_must_match() -> None:
    assert not silence('namespace="shop"\nseverity="critical"').matches(DISK)


def test_another_environment_is_not_silenced_unless_all_are() -> None:
    assert not silence("", environment=2).matches(DISK)
    assert silence("", environment=None).matches(DISK)


@pytest.mark.parametrize("sign", ["=~", "!~"])
def test_of_a_value_too_long_for_patterns_people_are_told(sign: str) -> None:
    long = About(1, "Odd", {"path": "x" * 300})
    assert not silence(f'path{sign}"y.*"').matches(long)


@pytest.mark.parametrize(
    ("text", "why"),
    [("nonsense", "no matcher"), ('@host="a"', "not known"), ('a=~"(b+)+"', "repeated"), ("a=b\n" * 21, "at most 20")],
)
def test_a_bad_line_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(BadMatcher, match=why):
        parse_matchers(text)


def test_of_several_the_one_that_lasts_longest_holds() -> None:
    longer = Silence(2, 1, (), NOW.replace(hour=9), "longer")
    assert silenced_by(DISK, [silence(""), longer, silence('namespace="x"', id_=3)]) == longer


@given(st.text(max_size=30).filter(lambda value: "\x00" not in value and len(value.splitlines()) < 2))
def test_a_matcher_survives_being_written_and_read(value: str) -> None:
    matcher = Matcher("name", "=", value.strip("\x1c\x1d\x1e\x85\r\n\x0b\x0c\u2028\u2029"))
    assert parse_matchers(str(matcher)) == (matcher,)
