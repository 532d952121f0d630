"""Quantities as Kubernetes writes them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.investigation.diagnosis.quantity import bytes_text, cores_text, parse_quantity, whole


@pytest.mark.parametrize(
    ("text", "amount"),
    [("250m", Fraction(1, 4)), ("1.5Gi", 3 * 2**29), ("1e3", 1000), ("2k", 2000), ("3", 3), (2, 2), ("5E", 5 * 10**18)],
)
def test_reads_every_suffix(text: str | int, amount: Fraction | int) -> None:
    assert parse_quantity(text) == amount


@pytest.mark.parametrize("text", ["", "much", "1Xi", None, [], "--1"])
def test_knows_what_is_no_quantity(text: object) -> None:
    assert parse_quantity(text) is None


@given(st.integers(1, 10**15))
def test_never_writes_less_than_it_was_given(amount: int) -> None:
    written = parse_quantity(bytes_text(amount))
    assert written is not None
    assert amount <= written <= amount + 2**20


def test_writes_cores_as_people_do() -> None:
    assert [cores_text(Fraction(1, 4)), cores_text(2), cores_text(Fraction(3, 2))] == ["250m", "2", "1500m"]


@pytest.mark.parametrize(("text", "number"), [("42", 42), ("", None), ("-1", None), ("4x", None), ("9" * 5000, None)])
def test_whole_numbers_of_any_text(text: str, number: int | None) -> None:
    assert whole(text) == number
