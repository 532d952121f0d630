"""JSON and YAML documents of Kubernetes objects, and the one stream of `kubectl cluster-info dump`. Pure."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

import yaml

from tocsin.ground.nesting import check_depth

MOST_VALUES = 20_000_000
_EDGE = re.compile(r"==== (?P<edge>START|END) logs for container (?P<container>\S+) of pod (?P<pod>\S+) ====\n?")
# Unicode, byte order mark; that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_BLANK = re.compile(r"\S")


def in_utf8(content: bytes) -> bytes:
    """Return a text file in UTF-8, told by its byte order mark: Windows PowerShell's `>` writes UTF-16."""
    mark, coding = next((held for held in _MARKS if content.startswith(held[0])), (b"", ""))
    text = content[len(mark) :]
    return text.decode(coding, "replace").encode() if coding else content


def documents(name: str, text: str) -> Iterator[object]:
    """The documents of a JSON stream or of YAML. Raises ValueError, yaml.YAMLError, RecursionError."""
    if text.lstrip()[:1] in ("{", "[") and not name.endswith((".yaml", ".yml")):
        decoder, at = json.JSONDecoder(), 0
        while match := _NOT_BLANK.search(text, at):
            document, at = decoder.raw_decode(text, match.start())
            yield document
        return
    check_depth(text)
    for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
        _check_size(document)
        yield document


def dumped_logs(text: str) -> tuple[list[tuple[str, str]], str]:
    """Cut the logs out of a dump: those by "namespace/pod/container", and the text without them.

    A log ends where the dump says so for the last time: a line in it that looks like its end belongs to it.
    """
    edges = list(_EDGE.finditer(text))
    ends = {(edge["container"], edge["pod"]): edge for edge in edges if edge["edge"] == "END"}
    logs, rest, at = list[tuple[str, str]](), list[str](), 0
    for edge in edges:
        if edge["edge"] != "START" or edge.start() < at:
            continue
        end = ends.get((edge["container"], edge["pod"]))
        stop, after = (end.start(), end.end()) if end and end.start() >= edge.end() else (len(text), len(text))
        logs.append((f"{edge['pod']}/{edge['container']}", text[edge.end() : stop]))
        rest.append(text[at : edge.start()])
        at = after
    return logs, "".join([*rest, text[at:]])


def _check_size(document: object) -> None:
    """YAML aliases can make a few lines mean more than any memory holds. Raises ValueError."""
    left, waiting = MOST_VALUES, [document]
    while waiting:
        value = waiting.pop()
        left -= 1
        if left < 0:
            raise ValueError("its aliases unfold to too much")
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
