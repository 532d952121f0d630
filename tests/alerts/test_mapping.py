"""Any JSON as alerts, by a person's rules."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.alerts.mapping import EXAMPLE, LONGEST_TEXT, BadRules, Rules, mapped, reader
from tocsin.alerts.parsed import BadPayload, ParsedAlert

CHECKS = Rules(
    title="{{ name }} is {{ state }}",
    alerts="checks",
    status="state",
    firing=["down"],
    resolved=["up"],
    key="id",
    severity="level",
    starts_at="since",
    labels={"host": "host", "area": "not_there"},
    links={"check": "url", "bad": "name"},
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=20,
)


def one(rules: Rules, value: Any) -> ParsedAlert:
    (alert,) = mapped(reader(rules), msgspec.json.encode(value)).alerts
    return alert


def test_rules_say_where_everything_stands() -> None:
    (alert,) = mapped(reader(CHECKS), EXAMPLE).alerts
    assert (alert.identity, alert.title, alert.severity) == ("cart-http", "Cart over HTTP is down", "critical")
    assert alert.starts_at == datetime(2026, 3, 1, 2, 58, 11, tzinfo=UTC)
    assert (alert.labels, alert.links) == ({"host": "web-1"}, {"check": "https://checks.example/cart-http"})


@pytest.mark.parametrize(("state", "firing"), [("down", True), ("DOWN", True), ("Up", False)])
def test_the_status_says_whether_it_fires(state: str, firing: bool) -> None:
    assert one(CHECKS, {"checks": [{"id": "1", "name": "a", "state": state}]}).firing is firing


def test_a_state_that_no_rule_knows_is_said_and_takes_no_other_with_it() -> None:
    checks = [{"id": "1", "name": "a", "state": "down"}, {"id": "2", "name": "b", "state": "odd"}]
    parsed = mapped(reader(CHECKS), msgspec.json.encode({"checks": checks}))
    assert (len(parsed.alerts), len(parsed.rejected)) == (1, 1)
    assert "status: “odd” is among the values neither of firing nor of resolved" in parsed.rejected[0]


def test_without_a_key_title_and_labels_are_the_identity() -> None:
    rules = Rules(title="t", labels={"host": "h"})
    first, same, other = (one(rules, {"t": "a", "h": host, "x": x}) for host, x in (("1", 1), ("1", 2), ("2", 1)))
    assert first.identity == same.identity != other.identity


def test_a_list_at_the_top_is_several_alerts() -> None:
    assert len(mapped(reader(Rules(title="t")), b'[{"t": "a"}, {"t": "b"}]').alerts) == 2


def test_what_does_not_fit_says_which_rule_and_why() -> None:
    for rules, body, why in (
        (CHECKS, b"{}", "alerts: there is nothing at “checks”"),
        (Rules(title="t"), b"{}", "title: there is nothing at “t”"),
        (Rules(title="{{ t }} on {{ h }}"), b"{}", "title: there is nothing at"),
        (CHECKS, b'{"checks": [{"name": "a"}]}', "status: there is nothing at “state”"),
        (Rules(title="t", starts_at="s"), b'{"t": "a", "s": "yesterday"}', "starts_at: “yesterday” is no time"),
        (Rules(title="join('/', t)"), b'{"t": "a"}', "title: In function join"),
        (Rules(title="t"), b"{", "not JSON"),
    ):
        with pytest.raises(BadPayload, match=re.escape(why)):
            mapped(reader(rules), body)


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("", "say where the title stands"),
        ("a[", "is no JMESPath"),
        ("(" * 200, "is no JMESPath"),
        ("a" * 301, "at most 300 characters"),
        ("{{ a }} on {{ b[ }}", "is no JMESPath"),
        ("sort_by(a, &b)", "“sort_by” is not taken here"),
        ("map(&a, b)", "“map” is not taken here"),
        ("{a: b}", "“multi_select_dict” is not taken here"),
        ("[@,@][] | [@,@][] | [@,@][]", "at most 2 lists"),
        ("$.checks[*].name", "“projection” is not taken here"),
        ("{{ $.length(@) }}", "is not taken here"),
    ],
)
def test_a_place_that_can_not_be_read_is_refused_in_its_place(place: str, why: str) -> None:
    with pytest.raises(BadRules) as refused:
        reader(Rules(title=place))
    assert why in refused.value.problems["title"]


def test_the_list_of_alerts_needs_no_way_to_the_top() -> None:
    with pytest.raises(BadRules, match="from the top already"):
        reader(Rules(title="t", alerts="$.checks"))


def test_values_of_a_status_need_its_place() -> None:
    with pytest.raises(BadRules, match="say where the status stands"):
        reader(Rules(title="t", resolved=["ok"]))


def test_what_stands_beside_the_alerts_is_reached_from_the_top() -> None:
    labels = {"host": "$.site.hosts[0]", "no_single_value": "$.site"}
    rules = Rules(title="{{ what }} at {{ $.site.name }}", alerts="events", labels=labels)
    alert = one(rules, {"site": {"name": "Hall 3", "hosts": ["web-1"]}, "events": [{"what": "Offline"}]})
    assert (alert.title, alert.labels) == ("Offline at Hall 3", {"host": "web-1"})


def test_texts_are_bounded() -> None:
    alert = one(Rules(title="t", description="d"), {"t": "a" * 10_000, "d": "b" * 10_000})
    assert (len(alert.title), len(alert.description)) == (500, LONGEST_TEXT)


@given(JSON)
def test_no_json_does_more_than_not_fit(value: Any) -> None:
    rules = Rules(title="{{ a }} {{ b.c }}", alerts="d[?a != `1`] || @", status="c", key="b", labels={"x": "a[::-1][]"})
    with suppress(BadPayload):
        assert all(alert.title for alert in mapped(reader(rules), msgspec.json.encode(value)).alerts)


@pytest.mark.filterwarnings("ignore:deprecated string literal")  # the library's, of a form that still works
@given(st.text(alphabet="ab.[]{}|@*?&'`\"0(), ", max_size=30))
def test_no_place_does_more_than_to_be_refused(place: str) -> None:
    with suppress(BadRules):
        assert reader(Rules(title=place)).places
