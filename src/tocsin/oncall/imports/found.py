"""What an export of another product says, in values of ours; people and schedules still go by the keys of the product. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec

from tocsin.catalog.imports.parsed import Catalogue
from tocsin.oncall.clock import Span
from tocsin.oncall.escalation import Policy
from tocsin.oncall.schedule import Layer, Override

T = TypeVar("T")
MOST_NAMED = 10
# More than any turn, shift or wait is, and little enough to calculate with.
Seconds = Annotated[int, msgspec.Meta(ge=0, le=400 * 86400)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class BadExport(ValueError):
    """Files that are no export of the product; the message says where, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file of an export: its path below what was named, and the JSON in it."""

    path: str
    content: Any


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is in the export. `login` is the user name there, empty where people go by their e-mail address."""

    key: str
    login: str
    email: str
    zone: str = ""

    @property
    def called(self) -> str:
        """How the export calls them."""
        return self.email or self.login or self.key


@dataclass(frozen=True, slots=True)
class Entry:
    """A stretch in which, as the product itself worked out, this person is on call."""

    person: str
    span: Span


@dataclass(frozen=True, slots=True)
class FoundSchedule:
    """A schedule. Several may have one key: those that are one schedule there, and here only together."""

    key: str
    name: str
    zone: str
    layers: tuple[Layer, ...]
    description: str = ""
    overrides: tuple[Override, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """An escalation policy; its targets name people and schedules by their keys."""

    key: str
    name: str
    policy: Policy
    description: str = ""


@dataclass(frozen=True, slots=True)
class FoundChoice:
    """That a policy, by its key, counts for a service of this name, or for every one that the team of this name owns."""

    policy: str
    service: str = ""
    team: str = ""

    def __str__(self) -> str:
        """As it is told: “the service Kettle”."""
        return f"the service {self.service}" if self.service else f"the services of the team {self.team}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that can't be made, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that an export says. `problems` are what can't be made of it, `notes` what comes out differently."""

    people: tuple[Person, ...] = ()
    schedules: tuple[FoundSchedule, ...] = ()
    policies: tuple[FoundPolicy, ...] = ()
    choices: tuple[FoundChoice, ...] = ()
    services: Catalogue = field(default_factory=Catalogue)
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


class CantBeMade(ValueError):
    """A part of an export that has no equal here; the message says why."""


def cleaned(content: Any) -> Any:
    """JSON without the characters that no database keeps: zero bytes, and halves of surrogates."""
    if isinstance(content, str):
        return content.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(content, list):
        return [cleaned(each) for each in content]
    return {cleaned(key): cleaned(each) for key, each in content.items()} if isinstance(content, dict) else content


def converted(content: Any, kind: type[T], path: str) -> T:
    """A part of a file in its form. Raises BadExport, which says where it is not."""
    try:
        return msgspec.convert(cleaned(content), kind)
    except msgspec.ValidationError as error:
        raise BadExport(f"{path}: {error}") from error


def once(parts: Iterable[T], whole: str = "id") -> list[T]:
    """Parts by their `id`, each once: of several the last in which `whole` is said, as lists may name it in brief."""
    ordered = sorted(parts, key=lambda part: getattr(part, whole) is not None)
    return list({part.id: part for part in ordered}.values())  # type: ignore[attr-defined]  # every form has it


def listed(names: Sequence[str]) -> str:
    """Names in a line, of many the first."""
    return ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else "")


def references(name: str, wanted: Iterable[str], known: Container[str], what: str) -> None:
    """Raises CantBeMade where something names what is not in the export."""
    for key in wanted:
        if key not in known:
            absent(name, key, what)


def absent(name: str, key: str, what: str) -> NoReturn:
    """Raises CantBeMade: something names what is not in the export."""
    raise CantBeMade(f"“{name}” names the {what} {key}, not in the export: deleted, or a file is missing")
