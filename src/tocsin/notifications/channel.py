"""What a channel is: how it describes itself, what it is asked to render, and what it wants sent. Pure.

A channel never sends anything: it turns a notice into requests, which `sending` carries out, and reads the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tocsin.notifications.notice import Kind, Notice


class BadSettings(ValueError):
    """Settings that a channel can't work with; the message says which, and what to enter."""


class Ability(StrEnum):
    """What a channel can do beside saying something somewhere."""

    REACHES_PEOPLE = "reaches people"
    THREADS = "threads"
    BUTTONS = "buttons"
    MACHINE = "machine"


class Limit(StrEnum):
    """Whose patience is protected from a storm."""

    NONE = "none"
    ROOM = "room"
    SMS = "sms"
    VOICE = "voice"


class Usual(StrEnum):
    """What a channel tells of when nobody said otherwise; see tocsin.notifications.rules."""

    NEWS = "new and resolved"
    ROOM = "new, raised and resolved"
    CRITICAL = "critical only"
    EVERYTHING = "everything"
    TICKETS = "low only"
    NOTHING = "nothing by itself"


@dataclass(frozen=True, slots=True)
class Field:
    """One setting. A secret is kept sealed and never shown again."""

    name: str
    label: str
    is_secret: bool = False
    is_required: bool = True
    hint: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """A channel in its own words: what the form asks, what it can do, how to set it up on the other side.

    `address` names what reaches one person through it (where it reaches people). `follows` are the kinds that it hears of
    wherever it was told of the incident before, whatever the rules say. `is_for_admins`: it does not use the one door for
    requests, so that only admins may set it up.
    """

    title: str
    fields: tuple[Field, ...]
    steps: tuple[str, ...]
    abilities: frozenset[Ability] = frozenset()
    usual: Usual = Usual.NEWS
    follows: frozenset[Kind] = frozenset()
    limit: Limit = Limit.ROOM
    address: str = ""
    is_for_admins: bool = False

    @property
    def secrets(self) -> frozenset[str]:
        """The names of the settings that are secret."""
        return frozenset(each.name for each in self.fields if each.is_secret)


@dataclass(frozen=True, slots=True)
class Way:
    """Where and when a notice goes: a channel's settings, one person's address (empty: the channel's own place), the thread."""

    settings: Mapping[str, str]
    now: datetime
    address: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """To be sent through the one door."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Mail:
    """To be handed to the SMTP server of the settings. `headers` beside the usual ones."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """To be written into the log of the worker."""

    text: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """To be handed to apprise, which makes its own requests and says only whether it worked."""

    url: str
    title: str
    body: str


Request = HttpRequest | Mail | ConsoleLine | Foreign


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` is that of HTTP, or 200 and 5xx/4xx in its sense for other ways."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """The vendor took it. `thread`: how it recognises what belongs together from now on."""

    thread: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The vendor did not; `after_s`: not before so many seconds have passed, where it says so.

    `is_in_doubt`: it may have, but nobody heard it say so. It is sent again then, and says that it is a repeat.
    """

    why: str
    is_temporary: bool
    after_s: float | None = None
    is_in_doubt: bool = False


Verdict = Taken | Refused


class Channel(Protocol):
    """What each file in tocsin.notifications.channels offers.

    It may also have `verdict(answer: Answer) -> Verdict` where its vendor does not speak by status alone,
    `check(settings) -> None`, which raises BadSettings, and `is_address(text) -> bool` for the addresses of people.
    """

    __name__: str
    ABOUT: About

    def render(self, notice: Notice, way: Way) -> tuple[Request, ...]:
        """What to send, in order; nothing: this channel has nothing to say to that."""
