"""How long incidents take, those that are not over included."""

from __future__ import annotations

import pytest

from tocsin.incidents.statistics import time_to_resolve


def test_of_ended_ones_alone_it_is_the_plain_median() -> None:
    told = time_to_resolve([10, 20, 30, 40, 1000], [])
    assert (told.median, told.ninetieth, told.mean) == (30, 1000, 220)


def test_open_ones_take_longer_than_they_have_been_open() -> None:
    assert time_to_resolve([10, 20], [15, 100]).median == 20


def test_one_that_has_just_opened_says_nothing_yet() -> None:
    assert time_to_resolve([10, 20, 30], [1]).median == 20


def test_where_half_are_open_nobody_knows() -> None:
    told = time_to_resolve([10], [50, 60, 70])
    assert (told.ended, told.still_open, told.median, told.mean) == (1, 3, None, 10)


@pytest.mark.parametrize("still_open", [[], [5.0]])
def test_of_nothing_nothing_is_said(still_open: list[float]) -> None:
    told = time_to_resolve([], still_open)
    assert (told.median, told.ninetieth, told.mean) == (None, None, None)


def test_a_textbook_example() -> None:
    """Six weeks of remission without treatment, all observed; and with it, some still in remission (Freireich 1963)."""
    with_it = time_to_resolve([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
    assert (with_it.median, with_it.ninetieth) == (23, None)
