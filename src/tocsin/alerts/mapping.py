"""Any JSON as alerts, by rules that a person writes: for each thing we want to know, where it stands in the body. Pure.

A place is a JMESPath expression (https://jmespath.org/specification.html), such as `check.name` or `checks[0].state`; or a
text with such expressions in it, as in `{{ check }} on {{ host }}`. It is read from the alert, or behind `$.` from the top of
the body. Expressions read and can do nothing else; those whose results could grow without bound are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import jmespath
import msgspec
from jmespath.exceptions import JMESPathError

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert, each, identity_of
from tocsin.alerts.reading import links, read, shortened, text, title, when

# The kind of source that is read so.
MAPPED = "mapped"
EXAMPLE = b"""{
  "checks": [
    {"id": "cart-http", "name": "Cart over HTTP", "state": "down", "level": "critical", "since": "2026-03-01T02:58:11Z",
     "host": "web-1", "url": "https://checks.example/cart-http"}
  ]
}"""

LONGEST_PLACE = 300
LONGEST_TEXT = 4000
MOST_NAMED = 40
MOST_ALERTS = 10_000
# A list made of parts can double its content; so few can't do harm.
MOST_LISTS = 2
_READING = {
    "and_expression",
    "or_expression",
    "not_expression",
    "comparator",
    "literal",
    "field",
    "subexpression",
    "pipe",
}
_READING |= {"current", "identity", "index", "index_expression", "slice", "flatten", "multi_select_list"}
_READING |= {"projection", "value_projection", "filter_projection", "function_expression"}
_FUNCTIONS = {"contains", "starts_with", "ends_with", "join", "keys", "values", "length", "not_null", "type"}
_FUNCTIONS |= {"to_array", "to_number", "to_string"}
_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
# Begins a place that is read from the top of the body. It is read again for each alert, so it only steps down to one value.
TOP = "$."
_STEPS = {"field", "subexpression", "index", "index_expression"}
# What reads a place: from an alert, and from the body that it is in.
Find = Callable[[Any, Any], Any]


class BadRules(Exception):
    """Rules that can't be used: `problems` says for each place what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in problems.items()))
        self.problems = problems


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a body says what. Only `title` must be given.

    `alerts` is the list of its alerts (empty: the body is one, or a list of them). An alert is over when what stands at
    `status` is one of `resolved`, and fires when it is one of `firing`; with no `firing`, everything else fires. `key`
    makes it the same alert next time (empty: title and labels).
    """

    title: str
    alerts: str = ""
    status: str = ""
    firing: list[str] = []
    resolved: list[str] = []
    key: str = ""
    severity: str = ""
    description: str = ""
    starts_at: str = ""
    ends_at: str = ""
    labels: dict[str, str] = {}
    links: dict[str, str] = {}


# Those of the rules that are one place each.
PLACES = ("title", "alerts", "status", "key", "severity", "description", "starts_at", "ends_at")


@dataclass(frozen=True, slots=True)
class Reader:
    """Rules made ready to be used."""

    rules: Rules
    places: Mapping[str, Find]
    labels: Mapping[str, Find]
    links: Mapping[str, Find]


def reader(rules: Rules) -> Reader:
    """The rules, checked. Raises BadRules."""
    problems: dict[str, str] = {}

    def ready(name: str, place: str) -> Find:
        try:
            return _find(place)
        except ValueError as error:
            problems[name] = str(error)
            return _nothing

    places = {name: ready(name, getattr(rules, name)) for name in PLACES if getattr(rules, name)}
    if "title" not in places:
        problems["title"] = "say where the title stands"
    if "alerts" in places and _HOLE.search(rules.alerts):
        problems["alerts"] = "this is one expression, without {{ }}"
    if rules.alerts.startswith(TOP):
        problems["alerts"] = f"this is read from the top already, without {TOP}"
    if (rules.firing or rules.resolved) and not rules.status:
        problems["status"] = "say where the status stands, or leave its values out"
    named = {}
    for kind, entries in (("labels", rules.labels), ("links", rules.links)):
        if len(entries) > MOST_NAMED:
            problems[kind] = f"at most {MOST_NAMED}"
        named[kind] = {name: ready(f"{kind} {name}", place) for name, place in entries.items()}
    if problems:
        raise BadRules(problems)
    return Reader(rules, places, named["labels"], named["links"])


def mapped(reader: Reader, body: bytes) -> Parsed:
    """The alerts of a JSON body, as the rules say. Raises BadPayload, which says which rule did not fit."""
    whole = value = read(body, "JSON")
    if "alerts" in reader.places:
        value = _found(reader.places["alerts"], "alerts", whole, whole)
        if value is None:
            raise BadPayload(f"alerts: there is nothing at “{reader.rules.alerts}”")
    items = value if isinstance(value, list) else [value]
    if len(items) > MOST_ALERTS:
        raise BadPayload(f"{len(items)} alerts in one body; at most {MOST_ALERTS} are taken")
    return each(items, lambda item: _alert(reader, item, whole))


def _alert(reader: Reader, item: Any, whole: Any) -> ParsedAlert:
    said = {name: _found(find, name, item, whole) for name, find in reader.places.items() if name != "alerts"}
    headline = title(_text(said["title"]))
    if not headline:
        raise BadPayload(f"title: there is nothing at “{reader.rules.title}”")
    labels = dict(_texts(reader.labels, item, whole))
    firing = _fires(reader.rules, _text(said.get("status")))
    return ParsedAlert(
        identity=_text(said.get("key")) or identity_of({"title": headline} | labels),
        title=headline,
        firing=firing,
        starts_at=_time(said, "starts_at"),
        ends_at=None if firing else _time(said, "ends_at"),
        description=_text(said.get("description")),
        severity=_text(said.get("severity")),
        labels=labels,
        links=links(**dict(_texts(reader.links, item, whole))),
    )


def _fires(rules: Rules, status: str) -> bool:
    if not rules.status:
        return True
    if not status:
        raise BadPayload(f"status: there is nothing at “{rules.status}”")
    wanted = status.casefold()
    if wanted in {value.casefold() for value in rules.resolved}:
        return False
    if rules.firing and wanted not in {value.casefold() for value in rules.firing}:
        raise BadPayload(f"status: “{shortened(status, 50)}” is among the values neither of firing nor of resolved")
    return True


def _time(said: Mapping[str, Any], name: str) -> Any:
    told = _text(said.get(name))
    time = when(told)
    if told and time is None:
        raise BadPayload(f"{name}: “{shortened(told, 50)}” is no time with a zone (RFC 3339), nor seconds since 1970")
    return time


def _texts(places: Mapping[str, Find], item: Any, whole: Any) -> Iterator[tuple[str, str]]:
    for name, find in places.items():
        found = _text(_found(find, name, item, whole))
        if found:
            yield name, found


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        value = msgspec.json.encode(value).decode() if value else ""
    return shortened(text(value), LONGEST_TEXT)


def _found(find: Find, name: str, item: Any, whole: Any) -> Any:
    try:
        return find(item, whole)
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise BadPayload(f"{name}: {error}") from error


def _find(place: str) -> Find:
    """What reads a place from a value. Raises ValueError, which says what is wrong with the place."""
    if len(place) > LONGEST_PLACE:
        raise ValueError(f"at most {LONGEST_PLACE} characters")
    if "\x00" in place:
        raise ValueError("there is a NUL in it")
    if not _HOLE.search(place):
        return _expression(place)
    # text and expressions in turn
    parts = _HOLE.split(place)
    finds = [_expression(part.strip()) for part in parts[1::2]]

    def filled(item: Any, whole: Any) -> str:
        found = [_text(find(item, whole)) for find in finds]
        if not any(found):  # words around nothing say nothing
            return ""
        return "".join(part for pair in zip_longest(parts[::2], found, fillvalue="") for part in pair)

    return filled


def _nothing(item: Any, whole: Any) -> None:
    return None


def _expression(words: str) -> Find:
    try:
        expression = jmespath.compile(words.removeprefix(TOP))
    except (JMESPathError, RecursionError) as error:
        raise ValueError(f"“{words}” is no JMESPath: {str(error).splitlines()[0]}") from error
    from_top = words.startswith(TOP)
    _check(expression.parsed, _STEPS if from_top else _READING)
    if not from_top:
        return lambda item, whole: expression.search(item)

    def single(item: Any, whole: Any) -> Any:
        found = expression.search(whole)
        return None if isinstance(found, dict | list) else found

    return single


def _check(parsed: Any, allowed: set[str]) -> None:
    """Raises ValueError where an expression does more than these kinds of nodes do."""
    lists = 0
    for node in _nodes(parsed):
        kind = node["type"]
        lists += kind == "multi_select_list"
        if kind not in allowed or (kind == "function_expression" and node["value"] not in _FUNCTIONS):
            raise ValueError(f"“{node.get('value') or kind}” is not taken here")
    if lists > MOST_LISTS:
        raise ValueError(f"at most {MOST_LISTS} lists may be made in one expression")


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and "type" in one:
            yield one
            waiting.extend(one["children"])
