"""Nothing that came from outside takes effect in Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tocsin.ground.plain import plain
from tocsin.investigation.diagnosis.markdown import code, escaped


def shown(text: str) -> str:
    """What a reader sees of an escaped text in a list; fails when anything in it takes effect."""
    reader = MarkdownIt().enable(["table", "strikethrough"])
    [inline] = [token for token in reader.parse(f"- {escaped(text)}") if token.type == "inline"]
    tokens = inline.children or []
    assert {token.type for token in tokens} <= {"text", "text_special"}
    return "".join(token.content for token in tokens).replace("\u200b", "")


HOSTILE = [
    "<img src=x onerror=alert(1)>", "[a](javascript:x)", "**b** _i_ `c`", "# heading", "![i](u)", "a | b", "~~gone~~",
    "&lt;", "- item", "1. first", "a\\", "---", "snake_case and _private_", "https://evil.example/x",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_from_the_cluster_reads_as_it_was_written(hostile: str) -> None:
    assert shown(hostile) == hostile


@given(st.text(min_size=1).map(plain).filter(bool))
def test_any_text_reads_as_it_was_written(text: str) -> None:
    assert shown(text) == text


@given(st.text("<>[]()*_`~#&;!|\\-+=.1a ", min_size=1).map(plain).filter(bool))
def test_no_mix_of_special_characters_takes_effect(text: str) -> None:
    assert shown(text) == text


def test_ordinary_names_are_not_cluttered_by_backslashes() -> None:
    assert escaped("SESSION_CACHE_MAX_MB (96 -> 480)") == "SESSION_CACHE_MAX_MB (96 -> 480)"


@pytest.mark.parametrize("mention", ["@everyone", "ask @octo/team", "x@example.org"])
def test_nobody_is_called_by_a_log_line(mention: str) -> None:
    assert "@\u200b" in escaped(mention)


def test_an_address_in_the_cluster_is_no_link() -> None:
    assert "https://" not in escaped("see https://evil.example/x")


@pytest.mark.parametrize("text", ["plain", "a `tick`", "``two``", "`"])
def test_code_keeps_its_backticks(text: str) -> None:
    assert MarkdownIt("commonmark").render(code(text)) == f"<p><code>{text}</code></p>\n"
