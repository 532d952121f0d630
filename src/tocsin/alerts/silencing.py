"""Which alerts a silence is about: matchers as Alertmanager writes them, one a line, all of which must match. Pure.

alertname="DiskFull"      a label; one that is not there is empty
namespace=~"shop|cart"    matches as a whole; see `patterns` for what is taken of regular expressions
severity!="critical"      and !~
@title=~"Disk.*"          the alert's title; @service its service in the catalogue; @source the name of its source
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from tocsin.alerts.patterns import LONGEST_TEXT, BadPattern, compiled

MOST_MATCHERS = 20
SPECIAL = ("@title", "@service", "@source")
_LINE = re.compile(
    r'(?P<name>@?[A-Za-z_][A-Za-z0-9_./-]*)\s*(?P<sign>=~|!~|!=|=)\s*(?:"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<bare>[^"\s]*))'
)


class BadMatcher(ValueError):
    """A line that is no matcher; the message says why, for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition; `sign` is =, !=, =~ or !~."""

    name: str
    sign: str
    value: str

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{self.name}{self.sign}"{escaped}"'


@dataclass(frozen=True, slots=True)
class About:
    """What matchers can ask of a firing."""

    environment_id: int
    title: str
    labels: Mapping[str, str]
    service: str = ""
    source: str = ""

    def value(self, name: str) -> str:
        """A label's value, or what a special name stands for; empty where it has none."""
        if name.startswith("@"):
            return {"@title": self.title, "@service": self.service, "@source": self.source}[name]
        return self.labels.get(name, "")


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence in its present window; `environment_id` None stands for all environments."""

    id: int
    environment_id: int | None
    matchers: tuple[Matcher, ...]
    until: datetime
    reason: str
    is_trial: bool = False

    def matches(self, about: About) -> bool:
        """Whether all of it is true of a firing."""
        if self.environment_id is not None and self.environment_id != about.environment_id:
            return False
        return all(_is_true(matcher, about.value(matcher.name)) for matcher in self.matchers)


def _is_true(matcher: Matcher, value: str) -> bool:
    if matcher.sign == "=":
        return value == matcher.value
    if matcher.sign == "!=":
        return value != matcher.value
    if len(value) > LONGEST_TEXT:  # nobody can say: then people are told
        return False
    return (compiled(matcher.value).fullmatch(value) is not None) is (matcher.sign == "=~")


def asks_nothing(matchers: Iterable[Matcher]) -> bool:
    """Whether they are true of an alert without any labels, as Alertmanager forbids it too: then they ask for nothing."""
    return all(_is_true(matcher, "") for matcher in matchers)


@lru_cache(maxsize=1024)
def parse_matchers(text: str) -> tuple[Matcher, ...]:
    """The matchers of a silence, one a line; empty lines are left out. Raises BadMatcher for the first bad line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_MATCHERS:
        raise BadMatcher(f"These are {len(lines)} matchers; at most {MOST_MATCHERS} are taken.")
    return tuple(_parse_line(line) for line in lines)


def _parse_line(line: str) -> Matcher:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadMatcher(f'“{line}” is no matcher; write name="value", with =, !=, =~ or !~.')
    name, sign = found["name"], found["sign"]
    if name.startswith("@") and name not in SPECIAL:
        raise BadMatcher(f"“{name}” is not known; besides labels there are {', '.join(SPECIAL)}.")
    quoted = found["quoted"]
    value = re.sub(r"\\([\"\\])", r"\1", quoted) if quoted is not None else found["bare"]
    if sign.endswith("~"):
        try:
            compiled(value)
        except BadPattern as error:
            raise BadMatcher(f"{name}: {error}.") from error
    return Matcher(name, sign, value)


def silenced_by(about: About, silences: Iterable[Silence]) -> Silence | None:
    """The silence that a firing falls under, the one that lasts longest; None where none does."""
    return max((one for one in silences if one.matches(about)), key=lambda one: (one.until, -one.id), default=None)
