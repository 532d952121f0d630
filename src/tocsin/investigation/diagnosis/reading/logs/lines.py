"""What logs complain about: the lines that sound like trouble, looked for once, for all causes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation, cut
from tocsin.investigation.diagnosis.reading.logs.wordlist import any_of
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.sections import Log

# As many lines as a collector asks for; what a container said long before is history.
_TAIL = 500
# What is behind so many letters of a line is data; patterns would take long to find nothing in it.
_WIDEST = 4000
# What a container that serves said longer ago is over; one that started so lately may still suffer from its start.
_LATELY = timedelta(minutes=20)
_STARTED = timedelta(hours=1)
# Every pattern that a cause looks for in logs has one of these words, in small letters.
_TROUBLE = any_of(
    (
        *(
            "error",
            "exception",
            "fail",
            "fatal",
            "panic",
            "denied",
            "refuse",
            "cannot",
            "can't",
            "couldn",
            "could n",
            "unable",
        ),
        *(
            "too many",
            "max number of",
            "run out of",
            "expire",
            "timeout",
            "timed out",
            "already in use",
            "read-only",
            "readonly",
            "no such",
            "not found",
        ),
        *(
            "not set",
            "not known",
            "not defined",
            "unknown",
            "undefined",
            "unbound",
            "missing",
            "required",
            "unreachable",
        ),
        *(
            "no route",
            "auth",
            "econn",
            "enot",
            "eacces",
            "eai_",
            "eaddr",
            "wrongpass",
            "connections",
            "slots",
            "resolution",
        ),
        *(
            "gave up",
            "traceback",
            "killed",
            "link failure",
            "no space left",
            "no servers available",
            "no instances available",
        ),
        *(
            '" 404 ',
            '" 500 ',
            '" 502 ',
            '" 503 ',
            '" 504 ',
            "deadlock",
            "blocked for",
            "starvation",
            "exceeded",
            "throttl",
        ),
        *(
            "not exist",
            "n't exist",
            "out of memory",
            "poison",
            "dead letter",
            "dead-letter",
            "deadletter",
            "delivery",
            "ora-009",
        ),
        *(" down", "(s) tried", "bad address", "forbidden", "x509", "certificate", "no live upstreams", "reset by"),
        *("reset reason", "table full", "no leader", "space exceeded"),
        *("gave http", "not look like", "wrong version", "http request", "preface", "no valid http", "malformed http"),
        "temporarily unavailable",
        "used before issued",
    )
)
# A line that its program marks as information is no complaint, unless it says that something went wrong.
_INFORMS = re.compile(r"\b(?:INFO|DEBUG|TRACE|info|debug|trace)\b")
_WRONG = re.compile(r"refused|denied|fail|exception|timed out|timeout|unable|cannot|can't|couldn't|could not")
_LEVEL_WITHIN = 100
# RFC 3339 with an offset, before the line or in a field of it; without an offset nobody can tell.
_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?\d*(Z|[+-]\d\d:\d\d)")
# What differs between two times that a program says the same thing: the time, and numbers too long to mean anything.
_PASSING = re.compile(r"^[\d\s:.,/TZ+-]+|\d{5,}|\b[0-9a-f]{8,}\b")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log; lines are numbered from 1."""

    text: str
    key: str
    run: str
    number: int

    @property
    def at(self) -> datetime | None:
        """When it was written, as its own stamp tells; None without a stamp that says the offset, too."""
        stamp = _STAMP.search(self.text)
        return datetime.fromisoformat(f"{stamp[1]}{stamp[2] or ''}{stamp[3]}") if stamp else None

    def cite(self, weight: float = MODERATE) -> Citation:
        """Cite the line; as free text it counts half."""
        return Citation(
            f"logs/{self.key}/{self.run}#L{self.number}",
            cut(self.text),
            weight,
            Subject("Pod", *self.key.split("/")[:2]),
        )


class Logs:
    """The complaining lines of a snapshot's logs by key ("namespace/pod/container") and run ("current", "previous")."""

    def __init__(self, logs: Mapping[str, Log], now: datetime | None) -> None:
        self._logs = logs
        self._now = now
        self._complaints: dict[tuple[str, str], Sequence[Line]] = {}
        self._current: dict[str, Sequence[Line]] = {}

    def complaints(self, key: str, run: str) -> Sequence[Line]:
        """Return the lines of a run that sound like trouble, oldest first; of those that say the same, the last."""
        if (key, run) not in self._complaints:
            log = self._logs.get(key)
            self._complaints[key, run] = _complaining(log.lines(run), key, run) if log else ()
        return self._complaints[key, run]

    def current(self, key: str, container: Container) -> Sequence[Line]:
        """Return the complaints of a container that are not history, the run before first.

        A line is current when the container is not well, or when its own time stamp or the container's start says so.
        """
        if key not in self._current:
            lines = (*self.complaints(key, "previous"), *self.complaints(key, "current"))
            self._current[key] = [line for line in lines if self._lately(line, container)]
        return self._current[key]

    def _lately(self, line: Line, container: Container) -> bool:
        if not container.ready or not self._now:
            return not container.ready
        if line.at:
            return self._now - line.at < _LATELY
        started = container.status.time("state/running/startedAt") if container.status else None
        return bool(started and line.run == "current" and self._now - started < _STARTED)


def _complaining(lines: Sequence[str], key: str, run: str) -> Sequence[Line]:
    skipped = max(len(lines) - _TAIL, 0)
    last: dict[str, Line] = {}
    for number, line in enumerate(lines[skipped:], skipped + 1):
        text = line[:_WIDEST]
        if _complains(text):
            said = _PASSING.sub("", text)
            last.pop(said, None)
            last[said] = Line(text, key, run, number)
    return tuple(last.values())


def _complains(text: str) -> bool:
    low = text.lower()
    if not _TROUBLE.search(low):
        return False
    return not _INFORMS.search(text, 0, _LEVEL_WITHIN) or bool(_WRONG.search(low))
