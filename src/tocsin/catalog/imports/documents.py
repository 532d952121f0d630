"""YAML and JSON documents with the line where each begins; what is malformed, too large or folded too tight is refused. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import yaml

from tocsin.catalog.imports.parsed import BadCatalogue
from tocsin.ground.nesting import check_depth

MOST_BYTES = 10_000_000
# Aliases can make a few lines mean more than any memory holds.
MOST_VALUES = 2_000_000


class Document(NamedTuple):
    """One document; `where` is file and line."""

    where: str
    content: object


def documents(name: str, body: bytes) -> Iterator[Document]:
    """The documents of a file, JSON or YAML. Raises BadCatalogue with file and line."""
    if len(body) > MOST_BYTES:
        raise BadCatalogue(f"{name}: {len(body):,} bytes; {MOST_BYTES:,} at most: import it in parts")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCatalogue(f"{name}: not UTF-8 (byte {error.start:,})") from None
    if text.lstrip()[:1] in {"{", "["} and "\\u0000" not in text:
        try:
            yield Document(f"{name}:1", msgspec.json.decode(text))
            return
        except (msgspec.DecodeError, RecursionError):
            pass  # YAML may begin like this too, and knows the line of a mistake
    yield from _yaml(name, text)


def _yaml(name: str, text: str) -> Iterator[Document]:
    try:
        check_depth(text)
        loader = yaml.CSafeLoader(text)
        try:
            while loader.check_node():
                node = loader.get_node()
                assert node is not None
                _measure(node, {})
                yield Document(f"{name}:{node.start_mark.line + 1}", loader.construct_document(node))
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise BadCatalogue(f"{name}{line}: not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise BadCatalogue(f"{name}: not YAML: {' '.join(str(error).split())}") from None
    except ValueError as error:  # a date such as 2026-02-31
        raise BadCatalogue(f"{name}: {error}") from None


def _measure(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node unfolds to. Raises yaml.MarkedYAMLError for too many, and where a key is there twice."""
    if isinstance(node, yaml.ScalarNode):
        if "\x00" in node.value:
            raise _refused("a NUL, which can't be stored", node)
        return 1
    if known.get(id(node)) == 0:
        raise _refused("an alias contains itself", node)
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = 0
    children = node.value if isinstance(node, yaml.SequenceNode) else _entries(node)
    size = 1 + sum(_measure(child, known) for child in children)
    if size > MOST_VALUES:
        raise _refused("its aliases unfold to too much", node)
    known[id(node)] = size
    return size


def _refused(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def _entries(node: Any) -> Iterator[yaml.Node]:
    seen: dict[str, int] = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            first = seen.setdefault(key.value, key.start_mark.line + 1)
            if first != key.start_mark.line + 1:
                problem = f"{key.value[:60]!r} is there twice, first in line {first}"
                raise _refused(problem, key)
        yield key
        yield value
