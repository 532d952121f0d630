"""Indented text as `kubectl describe` prints it: an outline of keys, values and what stands deeper."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_PAIR = re.compile(r"(?P<key>[^\s:](?:[^:]*[^\s:])?):(?:\s+(?P<value>.*))?$")
_NOTHING = frozenset({"<none>", "<unset>", "<nil>", "<unknown>", "n/a"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `key` is empty where there is none, `children` are the lines that stand deeper under it."""

    key: str
    value: str
    text: str
    children: list["Entry"] = field(default_factory=list)

    def get(self, key: str) -> "Entry | None":
        """Return the first child of a key, None when there is none."""
        return next((child for child in self.children if child.key == key), None)

    def told(self, *keys: str) -> str:
        """Return the value of the first of these children that has one; empty for `<none>` and the like."""
        found = (child.value for key in keys if (child := self.get(key)))
        return next((value for value in found if value), "")

    def number(self, key: str) -> int | None:
        """Return the whole number that the value of a child starts with, None when it does not."""
        found = re.match(r"-?\d{1,15}", self.told(key))
        return int(found[0]) if found else None

    def under(self, key: str) -> list["Entry"]:
        """Return what stands under a child; nothing when there is no such child."""
        child = self.get(key)
        return child.children if child else []

    def listed(self, key: str) -> list[str]:
        """Return a child's value and the lines under it: how lists are printed."""
        child = self.get(key)
        return [text for text in ([child.value, *child.lines()] if child else []) if text]

    def pairs(self, key: str, sign: str = "=") -> dict[str, str]:
        """Return the `key=value` lines of a child, as labels and selectors are printed."""
        split = (text.partition(sign) for line in self.listed(key) for text in _apart(line, sign))
        return {name.strip(): value.strip() for name, found, value in split if found}

    def values(self, key: str) -> dict[str, str]:
        """Return the `key: value` children of a child."""
        return {child.key: child.value for child in self.under(key) if child.key}

    def lines(self) -> Iterator[str]:
        """Yield every line under this one, the deepest too."""
        waiting = list(reversed(self.children))
        while waiting:
            entry = waiting.pop()
            yield entry.text
            waiting.extend(reversed(entry.children))


def outline(lines: Iterable[str]) -> Entry:
    """Return the lines by how deep they are indented, under an entry without a key."""
    root = Entry("", "", "")
    open_: list[tuple[int, Entry]] = [(-1, root)]
    for line in lines:
        text = line.strip()
        if not text:
            continue
        indent = len(line) - len(line.lstrip())
        while open_[-1][0] >= indent:
            open_.pop()
        pair = _PAIR.match(text)
        value = (pair["value"] or "").strip() if pair else text
        entry = Entry(pair["key"] if pair else "", "" if value in _NOTHING else value, text)
        open_[-1][1].children.append(entry)
        open_.append((indent, entry))
    return root


def _apart(line: str, sign: str) -> list[str]:
    """Split selectors that stand in one line ("app=web,tier=front"); values of labels hold no comma."""
    return line.split(",") if sign == "=" else [line]
