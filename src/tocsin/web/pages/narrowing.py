"""The ways from one list of incidents to the next: tabs, chips, headings that sort, each an address. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from tocsin.incidents.search import FILTERS, Asked, Sort, View, parameters_of, without

# What a heading sorts by: first click, second click.
_HEADINGS = {
    "severity": (Sort.SEVERITY, Sort.NEWEST),
    "created": (Sort.NEWEST, Sort.OLDEST),
    "duration": (Sort.LONGEST, Sort.SHORTEST),
}
_DESCENDING = frozenset({Sort.SEVERITY, Sort.NEWEST, Sort.LONGEST})


@dataclass(frozen=True, slots=True)
class Way:
    """A link: what it says, where it leads, and whether that is here."""

    label: str
    address: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the list without it."""

    name: str
    value: str
    address: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a click on a column's heading leads, and how the list is sorted by it now, as ARIA says it."""

    address: str
    aria: str


def address(asked: Asked) -> str:
    """The list that was asked for."""
    return "?" + urlencode(parameters_of(asked))


def tabs(asked: Asked) -> tuple[Way, ...]:
    """The same filters over each view."""
    kept = replace(asked, sort=None) if asked.sort in (Sort.LONGEST, Sort.SHORTEST) else asked
    return tuple(
        Way(view.replace("-", " ").capitalize(), address(replace(kept, view=view)), view is asked.view) for view in View
    )


def chips(asked: Asked) -> tuple[Chip, ...]:
    """What narrows the list down, each with the way to be rid of it."""
    return tuple(
        Chip("search" if name == "q" else name, value, address(without(asked, name, value)))
        for name, value in parameters_of(asked)
        if name in (*FILTERS, "q")
    )


def headings(asked: Asked) -> dict[str, Heading]:
    """The columns that sort; of all incidents none by duration, since open ones have none yet."""
    found = {}
    for column, (first, second) in _HEADINGS.items():
        if column == "duration" and asked.view is View.ALL:
            continue
        here = asked.order if asked.order in (first, second) else None
        if column == "severity" and here is Sort.NEWEST:
            here = None
        aria = "none" if here is None else "descending" if here in _DESCENDING else "ascending"
        found[column] = Heading(address(replace(asked, sort=second if here is first else first)), aria)
    return found


def beside(asked: Asked, name: str, place: int) -> str:
    """The page that begins `after` or ends `before` a place."""
    return "?" + urlencode([*parameters_of(asked), (name, str(place))])
