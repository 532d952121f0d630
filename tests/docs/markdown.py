"""Markdown as tests read it: fenced blocks, links and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, and what the paragraph before it says."""

    language: str
    text: str
    before: str


def tokens(text: str) -> list[Token]:
    """The blocks of a page, in order."""
    return MarkdownIt("commonmark").enable("table").parse(text)


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    before = ""
    for token in tokens(text):
        if token.type == "inline":
            before = token.content
        elif token.type == "fence":
            yield Block(token.info, token.content, before)


def links(text: str) -> Iterator[str]:
    """Where the links and pictures of a page lead."""
    for token in tokens(text):
        for part in token.children or ():
            target = part.attrGet("href") or part.attrGet("src")
            if target:
                yield str(target)


def headings(text: str) -> list[str]:
    """The headings of a page."""
    found = tokens(text)
    return [after.content for token, after in pairwise(found) if token.type == "heading_open"]


def anchor(heading: str) -> str:
    """The fragment by which a heading is linked to, as GitHub and GitLab make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
