"""Whether each part of this installation does its work: a sign for each, with since when, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """How a part does, the worst last."""

    WELL = "well"
    TROUBLED = "troubled"
    UNKNOWN = "unknown"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Sign:
    """One part: how it does, in a sentence, since when where it is not well, what to do then, and the page to do it on."""

    key: str
    title: str
    standing: Standing
    said: str
    since: datetime | None = None
    advice: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """When a part of a process last went well (None: not since that began), and why its last round did not."""

    at: datetime | None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """A process, as it said of itself at `beat_at`."""

    name: str
    kind: str
    started_at: datetime
    beat_at: datetime
    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Work:
    """What workers do again and again: how it is called, how long it may be silent, and what stops without it."""

    title: str
    patience: timedelta
    without: str
    is_vital: bool = False


# A process says every five seconds that it lives.
SILENT_AFTER = timedelta(seconds=30)
WORK: dict[str, Work] = {
    "timers": Work(
        "Timers", timedelta(minutes=1), "Nothing that is due happens: reminders, deadlines, quiet periods.", True
    ),
    "delivery": Work("Delivery", timedelta(minutes=1), "Nobody is called, and nothing is sent.", True),
    "auditor": Work("Auditor", timedelta(minutes=2), "Nobody watches whether everybody was told.", True),
    "jobs": Work("Rescue of jobs", timedelta(minutes=1), "Investigations of a worker that died do not start again."),
    "shifts": Work("Hand-overs", timedelta(minutes=5), "Nobody is told that their shift begins."),
    "swaps": Work("Swaps of shifts", timedelta(minutes=1), "Nobody hears that they are asked, or of the answer."),
    "gaps": Work("Gaps ahead", timedelta(hours=3), "Managers do not hear that nobody will be on call."),
    "mail": Work("Mail to subscribers", timedelta(minutes=15), "Subscribers of the status page are not told."),
    "calendars": Work("Calendars", timedelta(minutes=10), "Absences are not read from people's calendars."),
}
START_WORKER = "Look at the log of “tocsin serve”, or start a worker with “tocsin worker”."
WITHOUT = {"worker": ": nobody is called, nothing is sent, and nobody watches that"}
LATE, FAR_TOO_LATE = timedelta(seconds=15), timedelta(minutes=1)


def of_kind(kind: str, processes: Sequence[Process], now: datetime) -> Sign:
    """Whether there is a process of a kind that lives."""
    mine = [each for each in processes if each.kind == kind]
    alive = [each for each in mine if now - each.beat_at <= SILENT_AFTER]
    title = f"{kind.capitalize()} processes"
    if alive:
        gone = len(mine) - len(alive)
        silent = f"; {gone} ended without a word within the hour" if gone else ""
        return Sign(kind, title, Standing.WELL, f"{len(alive)} running{silent}.")
    since = max((each.beat_at for each in mine), default=None)
    heard = "is heard of any more" if since else "was heard of within the hour"
    said = f"No {kind} {heard}{WITHOUT.get(kind, '')}."
    return Sign(kind, title, Standing.FAILING, said, since, START_WORKER)


def of_work(name: str, processes: Sequence[Process], now: datetime) -> Sign:
    """Whether some process did a piece of work lately."""
    work = WORK[name]
    parts = [each.parts[name] for each in processes if name in each.parts]
    last = max((part.at for part in parts if part.at), default=None)
    began = min((each.started_at for each in processes if name in each.parts), default=None)
    wrong = ", ".join(sorted({part.wrong for part in parts if part.wrong}))
    if last is not None and now - last <= work.patience:
        if wrong:
            said = f"Some rounds fail: {wrong}."
            return Sign(name, work.title, Standing.TROUBLED, said, last, "The log of the worker says more.")
        return Sign(name, work.title, Standing.WELL, f"Went well {span(now - last)} ago.")
    if last is None and began is not None and now - began <= work.patience:
        return Sign(name, work.title, Standing.UNKNOWN, "Has just begun.", began)
    because = f" ({wrong})" if wrong else ""
    said = f"It does not go on{because}. {work.without}"
    return Sign(name, work.title, Standing.FAILING, said, last, START_WORKER)


def of_queue(key: str, title: str, oldest: datetime | None, waiting: int, now: datetime) -> Sign:
    """Whether what is due is done soon: `oldest` is since when the first of it is, None where nothing is."""
    if oldest is None or now - oldest <= LATE:
        return Sign(key, title, Standing.WELL, "Nothing waits." if oldest is None else f"Late by {span(now - oldest)}.")
    said = f"{waiting} due and not done."
    standing = Standing.FAILING if now - oldest > FAR_TOO_LATE else Standing.TROUBLED
    advice = f"{START_WORKER} Where workers run, they have too much to do: start another."
    return Sign(key, title, standing, said, oldest, advice)


def worst(signs: Iterable[Sign]) -> Standing:
    """How all of it does: as its worst part."""
    order = list(Standing)
    return max((sign.standing for sign in signs), key=order.index, default=Standing.UNKNOWN)


def by_urgency(signs: Iterable[Sign]) -> list[Sign]:
    """The same signs, the worst first."""
    order = list(Standing)
    return sorted(signs, key=lambda sign: -order.index(sign.standing))


def span(length: timedelta) -> str:
    """A length of time in a word or two."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
