"""What the documentation tells people to type exists."""

from __future__ import annotations

import importlib.util
import re

import click
import pytest

from tests.docs.commands import check, command_lines, commands, find
from tests.docs.markdown import PAGES, ROOT, tokens

LINES = list(command_lines())
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def shown(program: str) -> list[tuple[str, list[str]]]:
    """The pages and arguments with which a program is called."""
    return [(page, words[1:]) for page, words in LINES if words[0].rpartition("/")[2] == program]


@pytest.mark.parametrize(("page", "arguments"), shown("tocsin"), ids=str)
def test_a_tocsin_command_exists_with_its_options(page: str, arguments: list[str]) -> None:
    try:
        check(arguments)
    except click.UsageError as error:
        pytest.fail(f"{page}: tocsin {' '.join(arguments)}: {error.format_message()}")


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    for wrong in (["prophesy"], ["source", "remove", "3"], ["diagnose", "kubernetes", "--fast"], ["user", "add"]):
        with pytest.raises(click.UsageError):
            check(wrong)


def test_a_line_is_taken_apart() -> None:
    assert list(commands("a 'b | c' && d | e # why")) == [["a", "b | c"], ["d"], ["e"]]


def test_a_command_within_a_sentence_exists() -> None:
    spoken = [
        part.content.split()[1:]
        for page in PAGES
        for token in tokens(page.read_text())
        for part in token.children or ()
        if part.type == "code_inline" and part.content.startswith("tocsin ")
    ]
    assert spoken
    for words in spoken:
        find(words)


@pytest.mark.parametrize(("page", "arguments"), shown("make"), ids=str)
def test_a_make_target_exists(page: str, arguments: list[str]) -> None:
    assert arguments[0] in TARGETS, page


def test_the_readme_begins_with_the_two_commands() -> None:
    assert [arguments for page, arguments in shown("make") if page == "README.md"] == [["demo"], ["test"]]


@pytest.mark.parametrize(("page", "arguments"), shown("python"), ids=str)
def test_a_python_module_exists(page: str, arguments: list[str]) -> None:
    assert arguments[0] == "-m"
    assert importlib.util.find_spec(arguments[1]), page
