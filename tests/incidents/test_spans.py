"""Lengths of time are read as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.spans import LONGEST, read_span, shown_span


@pytest.mark.parametrize(("text", "minutes"), [("15 min", 15), ("15min", 15), (" 2 H ", 120), ("1 d", 1440)])
def test_a_length_is_read(text: str, minutes: int) -> None:
    assert read_span(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "0 min", "31 d", "9999 d", "soon", "-1 h", "1.5 h", "٣ h"])
def test_what_is_none_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="write 15 min, 4 h or 2 d"):
        read_span(text)


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (80, "1 h 20 min"), (1450, "1 d"), (1500, "1 d 1 h")],
)
def test_a_length_is_shown_in_its_largest_units(minutes: int, shown: str) -> None:
    assert shown_span(timedelta(minutes=minutes)) == shown


@given(st.timedeltas(min_value=timedelta(0), max_value=LONGEST))
def test_any_length_can_be_shown(span: timedelta) -> None:
    assert shown_span(span)
