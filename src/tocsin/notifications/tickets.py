"""What trackers of issues have in common: which event opens a ticket, which ends it, and how it is worded. Pure.

Who opens one is told its number, which is then the incident's thread on that channel.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Any

import msgspec

from tocsin.ground.plain import clipped
from tocsin.notifications.channel import Answer, Taken
from tocsin.notifications.notice import Kind, Notice, headline, lines

# What a ticket hears of, once it was opened, whatever the rules say.
FOLLOWS = frozenset({Kind.RAISED, Kind.DIAGNOSED, Kind.RESOLVED, Kind.REOPENED})
LONGEST_TITLE = 250
_LONGEST_BODY = 30_000
_BEGINS = frozenset({Kind.NEW, Kind.RAISED, Kind.REOPENED, Kind.TEST})
_FENCES = re.compile(r"`{3,}")


class Step(Enum):
    """What is done to a ticket."""

    OPEN = auto()
    COMMENT = auto()
    END = auto()
    REOPEN = auto()


def steps(notice: Notice, ticket: str) -> tuple[Step, ...]:
    """What an event asks for, in order; `ticket` is empty where there is none yet. Nothing: it has no ticket to be said in."""
    if not ticket:
        return (Step.OPEN,) if notice.kind in _BEGINS else ()
    ends = {Kind.RESOLVED: (Step.END,), Kind.REOPENED: (Step.REOPEN,)}
    return (Step.COMMENT, *ends.get(notice.kind, ()))


def opened(answer: Answer, name: str) -> Taken | None:
    """The ticket that a tracker made, by what its answer has as `name`; None: the status says it all."""
    if answer.status != 201:
        return None
    try:
        told = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:
        return None
    return Taken(str(told.get(name, "")))  # a comment has none: the is known by then


def title(notice: Notice) -> str:
    """The ticket's title."""
    return clipped(headline(notice), LONGEST_TITLE)


def words(notice: Notice) -> str:
    """What the event says, as plain lines."""
    return "\n".join(lines(notice))[:_LONGEST_BODY]


def markdown(notice: Notice) -> str:
    """The same in Markdown: as code, so that nothing in it is a mention, a link, HTML or a command to the tracker."""
    text = words(notice)
    fence = "`" * max(3, *(len(run) + 1 for run in _FENCES.findall(text)), 3)
    link = f"[{notice.facts.name}]({notice.facts.url})\n\n" if notice.facts else ""
    return f"{link}{fence}text\n{text}\n{fence}"


def listed(text: str) -> list[str]:
    """Labels, as people type them between commas."""
    return [each.strip() for each in text.split(",") if each.strip()]
