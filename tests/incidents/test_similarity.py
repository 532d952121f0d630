"""Which incidents were alike."""

from __future__ import annotations

from tocsin.incidents.similarity import Shared, Tie, most_similar


def shared(incident: int, *ties: Tie) -> list[Shared]:
    return [Shared(incident, tie, f"{tie} {number}") for number, tie in enumerate(ties)]


def numbers(rows: list[Shared]) -> list[int]:
    return [one.incident for one in most_similar(rows)]


def test_the_more_two_have_in_common_the_earlier_one_is_shown_and_then_the_newer() -> None:
    rows = shared(1, Tie.SUBJECT) + shared(2, Tie.SUBJECT) + shared(3, Tie.CAUSE)
    assert numbers(rows + shared(1, Tie.CAUSE)) == [1, 2, 3]


def test_one_service_in_common_is_not_enough_but_two_are() -> None:
    assert numbers(shared(1, Tie.SERVICE) + shared(2, Tie.SERVICE, Tie.SERVICE)) == [2]


def test_what_is_found_twice_counts_once() -> None:
    assert numbers(shared(1, Tie.SERVICE) * 2) == []


def test_no_more_than_five_are_shown() -> None:
    rows = [row for number in range(9) for row in shared(number, Tie.SUBJECT)]
    assert numbers(rows) == [8, 7, 6, 5, 4]


def test_the_reasons_are_in_words_the_weightiest_first() -> None:
    rows = [Shared(1, Tie.SERVICE, "cart"), Shared(1, Tie.CAUSE, "oom-killed")]
    assert [row.words for row in most_similar(rows)[0].shared] == ["the same cause, oom-killed", "affected cart too"]
