"""What somebody looks for, read from addresses and from what they type."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tocsin.incidents.search import Asked, BadSearch, Sort, View, parameters_of, read, without
from tocsin.incidents.triage.scale import Scale
from tocsin.incidents.words import Stretch, around_hit, stretches


def typed(text: str) -> Asked:
    return read({"q": [text]})


def test_nothing_asked_for_is_everything_open_newest_first() -> None:
    assert read({}) == Asked()
    assert read({}).order is Sort.NEWEST
    assert not read({"view": ["closed"]}).narrows


def test_filters_in_the_line_say_what_an_address_says() -> None:
    line = typed("severity:high severity:low assignee:me service:cart is:all")
    address = read({"severity": ["high", "low"], "assignee": ["me"], "service": ["cart"], "view": ["all"]})
    assert line == address


def test_a_typed_view_stands_instead_of_the_one_of_the_tab() -> None:
    assert read({"view": ["active"], "q": ["is:closed"]}).view is View.CLOSED
    assert typed("is:held").held is True


def test_words_become_a_query_that_needs_them_all() -> None:
    assert typed("timeout OR deadlock payments-api -staging").words.tsquery == (
        "('timeout' | 'deadlock') & ('payments api') & !'staging'"
    )


def test_a_phrase_stays_together_and_finds_no_beginnings() -> None:
    assert typed('"read only" x').words.tsquery == "('read only') & ('x')"
    assert typed('"read only"').words.beginnings == ""


@pytest.mark.parametrize(
    ("text", "query"),
    [("cart pay", "('cart') & ('pay':*)"), ("pa", ""), ("db.pay", ""), ("", ""), ("a OR pay", "('a' | 'pay':*)")],
)
def test_the_last_word_may_be_a_beginning_from_three_letters_on(text: str, query: str) -> None:
    assert typed(text).words.beginnings == query


@pytest.mark.parametrize(
    "text", ["'", "a' | 'b", "\\", "((", "x:*", "!!", "&|", "<->", "OR", "OR OR", "x OR", "“q”", '"']
)
def test_no_mark_reaches_the_query_language(text: str) -> None:
    assert not set(typed(text).words.tsquery.replace("'", "")) & set('\\:*<>-"“')
    assert typed(text).words.tsquery.count("'") % 2 == 0


def test_an_incident_is_called_by_its_name() -> None:
    assert typed("inc-023").number == 23
    assert typed("INC-023 cart").words.tsquery == "('cart')"


def test_severities_are_said_as_the_team_says_them() -> None:
    assert read({"q": ["severity:P1"]}, Scale.P1).severity == ("critical",)


def test_days_are_whole() -> None:
    start, end = typed("since:2026-03-01 until:2026-03-02").span
    assert (start, end) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    assert typed("until:2026-03-02").until == date(2026, 3, 2)


def test_a_colon_among_other_words_is_no_filter() -> None:
    assert typed("error: connection:refused").words.tsquery == "('error') & ('connection refused')"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("severity:huge", "is no severity"),
        ("status:odd", "is no status"),
        ("is:odd", "is no view"),
        ("since:yesterday", "is no day"),
        ("held:maybe", "say yes or no"),
        ("since:2026-03-01 since:2026-03-02", "say one"),
        ("-severity:high", "only words can be left out"),
        ("-staging", "at least one word"),
        ("x" * 501, "too long"),
        (" ".join(f"service:s{n}" for n in range(21)), "20 values at most"),
    ],
)
def test_what_can_not_be_understood_is_said(text: str, complaint: str) -> None:
    with pytest.raises(BadSearch, match=complaint):
        typed(text)


def test_an_address_says_the_same_again() -> None:
    asked = typed('severity:high assignee:me since:2026-03-01 held:no is:closed sort:oldest "read only" x')
    again: dict[str, list[str]] = {}
    for name, value in parameters_of(asked):
        again.setdefault(name, []).append(value)
    assert read(again) == asked
    assert again["q"] == ['"read only" x']


def test_each_filter_can_be_taken_away() -> None:
    asked = typed("severity:high severity:low held:yes x")
    assert without(asked, "severity", "low").severity == ("high",)
    assert without(asked, "held", "yes").held is None
    assert parameters_of(without(asked, "q", "x")) == [("severity", "high"), ("severity", "low"), ("held", "yes")]


def test_hits_are_marked_in_the_text_as_it_was_written() -> None:
    cut = stretches("the payments-api is down", "the \x02payments\x03 \x02api\x03 is down")
    assert [each.text for each in cut if each.is_hit] == ["payments", "api"]
    assert "".join(each.text for each in cut) == "the payments-api is down"


def test_what_surrounds_a_hit_is_a_line() -> None:
    cut = (Stretch("word " * 100), Stretch("hit", is_hit=True), Stretch(" word" * 100))
    assert len("".join(each.text for each in around_hit(cut))) < 300
    assert Stretch("hit", is_hit=True) in around_hit(cut)
    assert around_hit((Stretch("nothing"),)) == ()
