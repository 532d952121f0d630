"""Cited values: a part of a stored document that knows where it stands, and the weight of what it shows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from tocsin.investigation.diagnosis.reference import Subject, escape, steps

# ln of how much likelier the cause makes what was seen: 2, 5, 20 and 100 times.
WEAK, MODERATE, STRONG, CONCLUSIVE = 0.7, 1.6, 3.0, 4.6

# user:password@ in an address, whichever text it stands in.
_CREDENTIALS = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@")

_FREE_TEXT = ("logs/", "alerts/", "alert#")
_LONGEST = 240
_NOTHING = object()

Scalar = str | int | float | bool | None


def masked(text: str) -> str:
    """Hide the passwords of addresses: a snapshot is redacted when it is collected, and this is the second look."""
    return _CREDENTIALS.sub(r"\1***@", text)


def cut(text: str) -> str:
    """Shorten a long value, and let it show."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@dataclass(frozen=True, slots=True)
class Citation:
    """One stored value as evidence, about an object. What one source says of one object is not counted twice."""

    ref: str
    value: Scalar
    weight: float
    about: Subject

    @property
    def source(self) -> str:
        """Where it comes from: "logs", "Event", "probes", …, or "state" for an object's own."""
        head = self.ref.partition("/")[0].partition("#")[0]
        return head if head == "Event" or head[:1].islower() else "state"

    @property
    def is_free_text(self) -> bool:
        """Whether applications or people wrote it: it may be wrong, or written to mislead."""
        return self.ref.startswith(_FREE_TEXT) or "#/metadata/annotations" in self.ref

    @property
    def counted(self) -> float:
        """The weight (nats) after trust: free text counts half."""
        return self.weight / 2 if self.is_free_text else self.weight


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stored object: paths are JSON pointers without the leading slash, relative to the piece."""

    subject: Subject
    pointer: str
    value: Any

    def get(self, path: str) -> Any:
        """Return what stands at a path, None when nothing does."""
        value = self.value
        for step in _steps(path):
            value = _inside(value, step)
            if value is _NOTHING:
                return None
        return value

    def text(self, path: str) -> str:
        """Return the text at a path; empty when there is none."""
        found = self.get(path)
        return found if isinstance(found, str) else ""

    def number(self, path: str) -> int | None:
        """Return the whole number at a path, None when there is none."""
        found = self.get(path)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def mapping(self, path: str) -> Mapping[str, Any]:
        """Return the mapping at a path; empty when there is none."""
        found = self.get(path)
        return found if isinstance(found, dict) else {}

    def texts(self, path: str) -> Mapping[str, str]:
        """Return the texts in the mapping at a path, as labels and selectors are."""
        return {key: value for key, value in self.mapping(path).items() if isinstance(value, str)}

    def words(self, path: str) -> tuple[str, ...]:
        """Return the texts in the list at a path."""
        found = self.get(path)
        return tuple(word for word in found if isinstance(word, str)) if isinstance(found, list) else ()

    def time(self, path: str) -> datetime | None:
        """Return the RFC 3339 time at a path, None when there is none or it is not understood."""
        try:
            return msgspec.convert(self.get(path), datetime)
        except msgspec.ValidationError:
            return None

    def part(self, path: str) -> "Part | None":
        """Return the mapping at a path as a part of its own, None when there is none."""
        found = self.get(path)
        return Part(self.subject, f"{self.pointer}/{path}", found) if isinstance(found, dict) else None

    def parts(self, path: str) -> Iterator["Part"]:
        """Yield the mappings in the list at a path."""
        found = self.get(path)
        for index, item in enumerate(found if isinstance(found, list) else ()):
            if isinstance(item, dict):
                yield Part(self.subject, f"{self.pointer}/{path}/{index}", item)

    def cite(self, path: str = "", weight: float = MODERATE) -> Citation:
        """Cite the value at a path. Where nothing stands, the nearest thing above it is cited for the absence."""
        pointer, value, missing = self._walk(path)
        shown = f"no {missing}; has {_names(value)}" if missing else _shown(value, self.subject)
        return Citation(f"{self.subject}#{pointer}", shown, weight, self.subject)

    def _walk(self, path: str) -> tuple[str, Any, str]:
        pointer, value = self.pointer, self.value
        for step in _steps(path):
            inner = _inside(value, step)
            if inner is _NOTHING:
                return pointer, value, step
            pointer, value = f"{pointer}/{escape(step)}", inner
        return pointer, value, ""


def _inside(value: Any, step: str) -> Any:
    """Return what one step leads to, or the mark for nothing; null is something."""
    if isinstance(value, dict):
        return value.get(step, _NOTHING)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return _NOTHING


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(steps(f"/{path}")) if path else ()


def _names(value: Any) -> str:
    if isinstance(value, dict):
        return cut(", ".join(sorted(value))) or "nothing"
    return f"{len(value)} entries" if isinstance(value, list) else "nothing"


def _shown(value: Any, subject: Subject) -> Scalar:
    if isinstance(value, dict | list):
        return _names(value) if subject.kind == "Secret" else cut(msgspec.json.encode(value).decode())
    return cut(value) if isinstance(value, str) else value
