"""A stored value with what stands around it, as lines in which the cited ones are marked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from tocsin.investigation.diagnosis.reference import DeploymentLogReference, LogReference, escape, parse_reference
from tocsin.investigation.diagnosis.snapshot import Snapshot
from tocsin.web.pages.console import printed

AROUND = 6
LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `number` counts from 1 in the whole object or log, `skipped` lines before it are left out."""

    number: int
    text: str
    is_cited: bool
    skipped: int = 0


def excerpt(snapshot: Snapshot, reference: str) -> list[Line]:
    """The cited value and its surroundings; raises BadReferenceError when the snapshot holds nothing there."""
    cited = snapshot.resolve(reference)
    where = parse_reference(reference)
    if isinstance(where, LogReference):
        lines = snapshot.logs[where.key].lines(where.run)
        return cut([Line(n, text[:LONGEST_LINE], n == where.line) for n, text in enumerate(lines, 1)])
    if isinstance(where, DeploymentLogReference):
        return _output(snapshot, where.line)
    place, _, pointer = reference.partition("#")
    whole = snapshot.resolve(f"{place}#") if pointer else cited
    return cut([Line(n, text, is_cited) for n, (text, is_cited) in enumerate(outline(whole, pointer), 1)])


def _output(snapshot: Snapshot, cited: int) -> list[Line]:
    """A line of a deployment's log and those around it; only these are read of what may be a long log."""
    assert snapshot.deployed is not None  # it was cited from there
    first = max(1, cited - AROUND)
    around = snapshot.deployed.log.split("\n")[first - 1 : cited + AROUND]
    shown = enumerate(printed("\n".join(around).encode("utf-8", "replace")), first)
    return [Line(n, line.text, n == cited, first - 1 if n == first else 0) for n, line in shown]


def cut(lines: Sequence[Line], around: int = AROUND) -> list[Line]:
    """The marked lines with `around` lines on both sides, and above them the lines that lead there by indentation."""
    cited = [index for index, line in enumerate(lines) if line.is_cited]
    if not cited:
        return list(lines[: 2 * around])
    first, last = cited[0], min(cited[-1], cited[0] + 4 * around)
    kept = set(range(max(0, first - around), min(len(lines), last + around + 1))) | _leading_to(lines, first)
    shown, before = [], -1
    for index in sorted(kept):
        line = lines[index]
        shown.append(Line(line.number, line.text, line.is_cited, index - before - 1))
        before = index
    return shown


def _leading_to(lines: Sequence[Line], index: int) -> set[int]:
    depth, found = _indent(lines[index].text), set()
    for above in range(index - 1, -1, -1):
        if depth == 0:
            break
        if (indent := _indent(lines[above].text)) < depth and lines[above].text.rstrip().endswith(":"):
            depth = indent
            found.add(above)
    return found


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def outline(value: object, cited: str, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, bool]]:
    """JSON laid out like YAML, line by line, with whether the line belongs to the value at the pointer `cited`."""
    items: Iterator[tuple[str, str, object]]
    if isinstance(value, Mapping) and value:
        items = ((f"{key}:", f"{pointer}/{escape(key)}", held) for key, held in value.items())
    elif isinstance(value, list) and value:
        items = ((f"- [{index}]", f"{pointer}/{index}", held) for index, held in enumerate(value))
    else:
        yield _indented(_scalar(value), depth), _within(pointer, cited)
        return
    for name, at, held in items:
        if isinstance(held, Mapping | list) and held:
            yield _indented(name if name.endswith(":") else f"{name}:", depth), _within(at, cited)
            yield from outline(held, cited, at, depth + 1)
        else:
            yield _indented(f"{name} {_scalar(held)}", depth), _within(at, cited)


def _indented(text: str, depth: int) -> str:
    return ("  " * depth + text)[:LONGEST_LINE]


def _within(pointer: str, cited: str) -> bool:
    return pointer == cited or pointer.startswith(f"{cited}/")


def _scalar(value: object) -> str:
    return value if isinstance(value, str) and "\n" not in value else msgspec.json.encode(value).decode()
