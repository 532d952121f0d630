"""What somebody looks for among incidents: filters, order and words, read from an address or from what was typed. Pure.

`severity:high status:open assignee:me service:cart "read only" timeout OR deadlock -staging INC-023` in one line says the same
as the parameters of an address; both together narrow the list down further.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from tocsin.incidents.lifecycle import Status
from tocsin.incidents.triage.scale import Scale
from tocsin.incidents.triage.scale import read as read_severity
from tocsin.incidents.words import Word, Words, read_words

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_SEARCH = 500
MOST_VALUES = 20
ME, NOBODY = "me", "nobody"


class View(StrEnum):
    """Where incidents stand: over the lifecycle, and over Tocsin's own analysis of the open ones."""

    ACTIVE = "active"
    ANALYZING = "analyzing"
    OPEN = "open"
    RESOLVED = "resolved"
    POSTMORTEM_PENDING = "postmortem-pending"
    CLOSED = "closed"
    ALL = "all"


STILL_OPEN = frozenset({View.ACTIVE, View.ANALYZING, View.OPEN})


class Sort(StrEnum):
    """Orders in which a list can be paged through; best: the best matches of the words, among the newest."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SEVERITY = "severity"
    LONGEST = "longest"
    SHORTEST = "shortest"
    BEST = "best"


class BadSearch(ValueError):
    """A search that can't be understood; the message says what is wrong with it, for the person who asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: an incident must have one of the values of each filter that has any, and match the words."""

    view: View = View.ACTIVE
    sort: Sort | None = None
    number: int | None = None
    severity: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    trigger: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    held: bool | None = None
    words: Words = Words()  # noqa: RUF009  # frozen
    search: str = ""

    @property
    def order(self) -> Sort:
        """The order asked for, or the usual one: words bring the best matches first."""
        return self.sort or (Sort.BEST if self.words else Sort.NEWEST)

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """From when until before when it must have been triggered; days are those of UTC."""
        start = datetime.combine(self.since, time(), UTC) if self.since else None
        return start, datetime.combine(self.until, time(), UTC) + timedelta(days=1) if self.until else None

    @property
    def narrows(self) -> bool:
        """Whether anything but the view and the order was asked for."""
        return replace(self, view=View.ACTIVE, sort=None) != Asked()


# Filters whose values stand for themselves.
_LISTED = ("severity", "status", "trigger", "service", "project", "environment", "assignee")
_DAYS = ("since", "until")
_HELD = {"yes": True, "no": False}
FILTERS = (*_LISTED, *_DAYS, "held")
PARAMETERS = ("view", "sort", "q", *FILTERS)
_ATTRIBUTES = {"q": "search"}
_TYPED = frozenset({*FILTERS, "view", "sort", "is"})
_NUMBER = re.compile(r"INC-(\d{1,18})", re.IGNORECASE)
_TOKEN = re.compile(
    r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<key>[a-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>\S+))|(?P<word>\S+))'
)


def read(parameters: Mapping[str, Sequence[str]], scale: Scale = Scale.WORDS) -> Asked:
    """What an address asks for. Unknown parameters are left to others; `scale` is how severities are said here.

    Raises BadSearch.
    """
    typed = " ".join(parameters.get("q", ())).replace("\x00", "").strip()
    if len(typed) > LONGEST_SEARCH:
        raise BadSearch(f"The search is too long: {LONGEST_SEARCH} characters at most.")
    said = {name: [value for value in parameters.get(name, ()) if value] for name in PARAMETERS}
    tokens = list(_TOKEN.finditer(typed))
    for token in tokens:
        if token["key"] in _TYPED:
            _note(token, said)
    kept = [token for token in tokens if token["key"] not in _TYPED]
    numbers = [int(named[1]) for token in kept if (named := _NUMBER.fullmatch(token[0]))]
    words = read_words(_word(token) for token in kept if not _NUMBER.fullmatch(token[0]))
    if words.left_out and not words:
        raise BadSearch("Say at least one word to find, beside those to leave out.")
    search = " ".join(token[0] for token in kept)
    return Asked(number=numbers[0] if numbers else None, words=words, search=search, **_values(said, scale))


def parameters_of(asked: Asked) -> list[tuple[str, str]]:
    """What an address must say to ask for the same: what is usual is left out, and filters that were typed are named."""
    values: list[tuple[str, str]] = []
    for name in PARAMETERS:
        value = getattr(asked, _ATTRIBUTES.get(name, name))
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if value and not (name == "view" and value is View.ACTIVE):
            values += [(name, str(each)) for each in (value if isinstance(value, tuple) else (value,))]
    return values


def without(asked: Asked, name: str, value: str) -> Asked:
    """The same, but with one value of a filter taken away, or all words (`q`)."""
    left: dict[str, Any] = {name: None}
    if name in _LISTED:
        left = {name: tuple(each for each in getattr(asked, name) if each != value)}
    if name == "q":
        left = {"words": Words(), "search": "", "number": None, "sort": None if asked.sort is Sort.BEST else asked.sort}
    return replace(asked, **left)


def _note(token: re.Match[str], said: dict[str, list[str]]) -> None:
    """Adds a filter that was typed among the words; a view or order that was typed stands instead of the address's."""
    key, value = token["key"], token["quoted"] or token["value"] or ""
    if token["no"]:
        raise BadSearch(f"“{token[0]}”: only words can be left out with a minus, no filters.")
    if key == "is":
        key, value = ("held", "yes") if value in ("held", "silenced") else ("view", value)
    if key in ("view", "sort"):
        said[key] = []
    said[key].append(value)


def _word(token: re.Match[str]) -> Word:
    text = token["phrase"]
    if text is None:
        text = token["word"] or token[0].removeprefix("-")
    return Word(text, is_left_out=bool(token["no"]), is_phrase=token["phrase"] is not None)


def _values(said: Mapping[str, Sequence[str]], scale: Scale) -> dict[str, Any]:
    for name in FILTERS:
        if len(said[name]) > MOST_VALUES:
            raise BadSearch(f"{name}: {MOST_VALUES} values at most.")
    return {
        "view": _one_of(View, _only("view", said) or View.ACTIVE, "view"),
        "sort": _one_of(Sort, only, "order") if (only := _only("sort", said)) else None,
        **{name: tuple(dict.fromkeys(said[name])) for name in _LISTED},
        **{name: _day(name, only) if (only := _only(name, said)) else None for name in _DAYS},
        "severity": tuple(dict.fromkeys(_severity(text, scale) for text in said["severity"])),
        "status": tuple(dict.fromkeys(_one_of(Status, text.lower(), "status").value for text in said["status"])),
        "held": _held(only) if (only := _only("held", said)) else None,
    }


def _only(name: str, said: Mapping[str, Sequence[str]]) -> str:
    values = set(said[name])
    if len(values) > 1:
        raise BadSearch(f"{name}: say one, not {' and '.join(sorted(values))}.")
    return next(iter(values), "")


def _one_of(choices: type[Choice], value: str, what: str) -> Choice:
    try:
        return choices(value)
    except ValueError as error:
        raise BadSearch(f"“{value}” is no {what}: choose one of {', '.join(choices)}.") from error


def _severity(text: str, scale: Scale) -> str:
    try:
        return read_severity(text, scale).value
    except ValueError as error:
        raise BadSearch(f"{error}.") from error


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadSearch(f"{name}: “{text}” is no day; write it like 2026-03-01.") from error


def _held(text: str) -> bool:
    if text not in _HELD:
        raise BadSearch(f"held: say yes or no, not “{text}”.")
    return _HELD[text]
