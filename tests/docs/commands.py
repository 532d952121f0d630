"""The command lines that the documentation shows."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import suppress

import click

from tests.docs.markdown import PAGES, blocks
from tocsin.cli import main


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Every command of a fenced sh block: the page, and the words."""
    for page in PAGES:
        for block in blocks(page.read_text()):
            if block.language == "sh":
                for line in block.text.replace("\\\n", " ").splitlines():
                    yield from ((page.name, words) for words in commands(line))


def commands(line: str) -> Iterator[list[str]]:
    """The commands of one line, each as its words."""
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), ";"]:
        if word not in {"|", "&&", ";"}:
            words.append(word)
        elif words:
            yield words
            words = []


def find(words: list[str]) -> tuple[click.Context, list[str]]:
    """The command of `tocsin` that these words begin with, and the words after it. Raises click.UsageError."""
    context, rest = click.Context(main, info_name="tocsin"), words
    while isinstance(context.command, click.Group) and rest and not rest[0].startswith("-"):
        name, command, rest = context.command.resolve_command(context, rest)
        assert command is not None
        context = click.Context(command, info_name=name, parent=context)
    return context, rest


def check(words: list[str]) -> None:
    """Parses the words as `tocsin` would, without running anything. Raises click.UsageError for what isn't there."""
    context, rest = find(words)
    if rest or not isinstance(context.command, click.Group):
        with suppress(click.exceptions.Exit):  # after --help and --version
            context.command.make_context(context.info_name, rest, parent=context.parent)
