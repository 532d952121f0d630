"""Texts that several people may edit."""

import pytest

from tocsin.ground.edits import LONGEST, BadEdit, revised


def edit(text: str, seen: int = 0, newest: int = 0) -> str:
    return revised(text, seen=seen, newest=newest, author="bob", what="the plan")


def test_a_text_is_kept_without_what_a_form_adds() -> None:
    assert edit("  one\r\ntwo\x00\r\n") == "one\ntwo"


def test_what_somebody_else_wrote_meanwhile_is_not_written_over() -> None:
    with pytest.raises(BadEdit, match="bob has changed the plan meanwhile"):
        edit("mine", seen=1, newest=2)


def test_a_text_of_the_greatest_length_is_kept_and_a_longer_one_refused() -> None:
    assert len(edit("x" * LONGEST)) == LONGEST
    with pytest.raises(BadEdit, match="100,001 characters"):
        edit("x" * (LONGEST + 1))
