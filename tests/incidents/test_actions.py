"""What actions are called, and when they are late."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tocsin.incidents.actions import Action, action_name, midnight_after, read_name


def test_a_name_is_read_as_it_is_written() -> None:
    assert action_name(23, 1) == "ACTION-INC023-1"
    assert read_name(action_name(23, 1)) == (23, 1)
    assert read_name(" action-inc1234-12 ") == (1234, 12)


@pytest.mark.parametrize(
    "text", ["", "INC-023", "ACTION-INC023", "ACTION-INC٣-1", "ACTION-INC023-1x", "ACTION-INC" + "9" * 40]
)
def test_other_texts_are_no_names(text: str) -> None:
    assert read_name(text) is None


def test_the_last_day_belongs_to_whoever_does_it() -> None:
    action = Action(due_on=date(2026, 3, 1))
    assert midnight_after(date(2026, 3, 1)) == datetime(2026, 3, 2, tzinfo=UTC)
    assert not action.is_overdue(datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    assert action.is_overdue(datetime(2026, 3, 2, tzinfo=UTC))


def test_what_is_over_or_has_no_deadline_is_never_late() -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert not Action().is_overdue(later)
    assert not Action(due_on=date(2026, 3, 1), ended_at=later).is_overdue(later)
