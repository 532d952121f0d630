"""Text from a cluster can't command a terminal."""

from __future__ import annotations

import shlex
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.ground.plain import clipped, command_line, plain, sentence


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;a new window title\x07after", "after"),
        ("\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\", "here"),
        ("\x1bPq#0;2;0;0;0\x1b\\after a DCS", "after a DCS"),
        ("\x9b2J cleared", "cleared"),
        ("over\rwritten", "over written"),
        ("bell\x07 back\x08space", "bell backspace"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("right \u202eto left", "right to left"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_what_a_terminal_would_obey_is_dropped(hostile: str, harmless: str) -> None:
    assert plain(hostile) == harmless


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    assert all(unicodedata.category(character) not in {"Cc", "Cf", "Cs"} for character in plain(text))


@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_a_long_line_is_cut_with_an_ellipsis() -> None:
    assert clipped("a" * 20, 10) == "a" * 9 + "…"


def test_a_sentence_begins_with_a_capital() -> None:
    assert sentence("give cart more memory") == "Give cart more memory"


@given(st.lists(st.text(st.characters(exclude_categories=["C"])), min_size=1))
def test_a_shell_reads_back_what_was_meant(argv: list[str]) -> None:
    assert shlex.split(command_line(argv)) == argv


def test_a_command_with_an_escape_sequence_is_not_shown() -> None:
    assert command_line(["kubectl", "get", "\x1b[2J"]).startswith("# ")
