"""Numbers in addresses."""

import pytest

from tocsin.web.pages.addresses import LARGEST_ID, row_number


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("007", 7), (str(LARGEST_ID), LARGEST_ID)])
def test_a_number_is_read(text: str, number: int) -> None:
    assert row_number(text) == number


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "²", str(LARGEST_ID + 1), "9" * 5000])
def test_what_no_row_can_have_is_none(text: str) -> None:
    assert row_number(text) is None
