from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.catalog.imports import documents as reading
from tocsin.catalog.imports.documents import documents
from tocsin.catalog.imports.parsed import BadCatalogue

BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


def test_each_document_knows_the_line_where_it_begins() -> None:
    assert documents("x.yaml", b"a: 1\n---\nb: 2\n").__next__() == ("x.yaml:1", {"a": 1})
    assert [where for where, _ in documents("x.yaml", b"a: 1\n---\nb: 2\n")] == ["x.yaml:1", "x.yaml:3"]


def test_json_is_read_too() -> None:
    assert [content for _, content in documents("x.json", b'{"a": [1]}')] == [{"a": [1]}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a:\n\t- b", r"x:2: not YAML: .*token"),
        ("a: 1\nb:\n  c: 1\n  c: 2", r"x:4: .*'c' is there twice, first in line 3"),
        ("a: &a [*a]", "contains itself"),
        (BOMB, "unfold to too much"),
        ("[" * 100_000, "nested too deeply"),
        ("- " * 100_000, "nested too deeply"),
        ("a: !!python/object:os.system x", "constructor"),
        ("a: 2026-02-31", "day is out of range"),
        ('a: "\\0"', "x:1: not YAML: a NUL"),
        ('{"a": "\\u0000"}', "x:1: not YAML: a NUL"),
    ],
)
def test_what_is_malformed_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(BadCatalogue, match=why):
        list(documents("x", text.encode()))


def test_what_is_too_large_or_no_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadCatalogue, match=r"byte 1\)"):
        list(documents("x", b"a\xff"))
    monkeypatch.setattr(reading, "MOST_BYTES", 3)
    with pytest.raises(BadCatalogue, match="4 bytes; 3 at most"):
        list(documents("x", b"a: 1"))


def test_the_same_value_may_be_named_twice() -> None:
    [(_, content)] = documents("x", b"a: &a {b: 1}\nc: *a\nd: {<<: *a}\n")
    assert content == {"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 1}}


@given(st.text(alphabet="ab:-[]{}&*!?|>'\"\n \t#,<\\x0%@", max_size=60))
def test_junk_is_read_or_refused(text: str) -> None:
    with suppress(BadCatalogue):
        list(documents("x", text.encode()))
