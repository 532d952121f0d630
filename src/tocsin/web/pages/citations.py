"""Evidence and gaps put together for reading: what says the same of several things is one item. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from tocsin.investigation.diagnosis.report import Evidence
from tocsin.web.pages.console import printed

OUTPUT = "deployment/log"


@dataclass(frozen=True, slots=True)
class Citation:
    """A value as JSON has it (text without its quotes), and where it stands: at least one place, the weightiest first."""

    value: str
    places: tuple[Evidence, ...]

    @property
    def id(self) -> str:
        """Unique in its hypothesis."""
        return self.places[0].id


def gathered(evidence: Iterable[Evidence]) -> list[Citation]:
    """The evidence by value and by the field that holds it, in the order of the first of each."""
    groups: dict[tuple[str, str], list[Evidence]] = {}
    for item in evidence:
        place, _, pointer = item.ref.partition("#")
        field = "log" if place.startswith("logs/") or place == OUTPUT else pointer.rpartition("/")[2]
        value = item.value if isinstance(item.value, str) else msgspec.json.encode(item.value).decode()
        if place == OUTPUT:
            value = _without_box(value)
        groups.setdefault((value, field), []).append(item)
    return [Citation(value, tuple(items)) for (value, _), items in groups.items()]


def _without_box(line: str) -> str:
    """A line of a deployment's log without its colours and the edge of the box that it stands in."""
    text = "\n".join(each.text for each in printed(line.encode("utf-8", "replace")))
    return text.removeprefix("│").strip() or line


def by_reason(gaps: Iterable[str]) -> list[tuple[str, list[str]]]:
    """A report's gaps ("what: why") by why, in the order of the first of each; a line without a reason is one by itself."""
    groups: dict[str, list[str]] = {}
    for gap in gaps:
        what, colon, why = gap.partition(": ")
        groups.setdefault(why if colon else gap, []).extend([what] if colon else [])
    return list(groups.items())
