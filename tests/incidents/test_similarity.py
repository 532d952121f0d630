"""Which incidents were alike."""

from __future__ import annotations

from tocsin.incidents.similarity import Common, Shared, most_similar


def shared(incident: int, *commons: Common) -> list[Shared]:
    return [Shared(incident, common, f"{common} {number}") for number, common in enumerate(commons)]


def numbers(rows: list[Shared]) -> list[int]:
    return [one.incident for one in most_similar(rows)]


def test_the_more_two_have_in_common_the_earlier_one_is_shown_and_then_the_newer() -> None:
    rows = shared(1, Common.SUBJECT) + shared(2, Common.SUBJECT) + shared(3, Common.CAUSE)
    assert numbers(rows + shared(1, Common.CAUSE)) == [1, 2, 3]


def test_one_service_in_common_is_not_enough_but_two_are() -> None:
    assert numbers(shared(1, Common.SERVICE) + shared(2, Common.SERVICE, Common.SERVICE)) == [2]


def test_what_is_found_twice_counts_once() -> None:
    assert numbers(shared(1, Common.SERVICE) * 2) == []


def test_no_more_than_five_are_shown() -> None:
    rows = [row for number in range(9) for row in shared(number, Common.SUBJECT)]
    assert numbers(rows) == [8, 7, 6, 5, 4]


def test_the_reasons_are_in_words_the_weightiest_first() -> None:
    rows = [Shared(1, Common.SERVICE, "cart"), Shared(1, Common.CAUSE, "oom-killed")]
    assert [row.words for row in most_similar(rows)[0].shared] == ["the same cause, oom-killed", "affected cart too"]
