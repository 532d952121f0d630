"""Log lines that services print: requests in logfmt, and the last words of a story."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from tocsin.cli.demo.worlds.metadata import precise


def line(at: datetime, level: str, message: str, **fields: object) -> str:
    """One line of logfmt."""
    more = "".join(f" {name}={_value(value)}" for name, value in fields.items())
    return f'time={precise(at)} level={level} msg="{message}"{more}'


def _value(value: object) -> str:
    text = str(value)
    return f'"{text}"' if " " in text or "=" in text else text


def spread(start: datetime, end: datetime, count: int) -> list[datetime]:
    """`count` times between `start` and `end`, at intervals that are not quite even."""
    step = (end - start) / (count + 1)
    return [start + step * (index + 0.5 + _noise(index, 100) / 101) for index in range(count)]


def _noise(index: int, below: int) -> int:
    return hashlib.sha256(f"noise {index}".encode()).digest()[0] % below


def requests(start: datetime, end: datetime, count: int, paths: Sequence[str], *, slower: int = 0) -> str:
    """`count` answered requests to `paths`; `slower` adds that many milliseconds at most."""
    return "\n".join(_request(at, index, paths, slower) for index, at in enumerate(spread(start, end, count)))


def _request(at: datetime, index: int, paths: Sequence[str], slower: int) -> str:
    method, _, path = paths[index % len(paths)].partition(" ")
    took = 3 + _noise(index, 41) + (_noise(index + 7, slower) if slower else 0)
    trace = hashlib.sha256(f"{path}{index}".encode()).hexdigest()[:16]
    code = 304 if method == "GET" and _noise(index, 9) == 0 else 200
    return line(at, "info", "request", method=method, path=path, status=code, duration_ms=took, trace_id=trace)


def repeated(start: datetime, end: datetime, count: int, level: str, message: str, **fields: object) -> list[str]:
    """The same line `count` times between `start` and `end`."""
    return [line(at, level, message, **fields) for at in spread(start, end, count)]


def housekeeping(start: datetime, end: datetime, count: int) -> str:
    """What a database prints when all is well: its checkpoints."""
    return "\n".join(
        line(at, "info", "checkpoint complete", buffers=80 + 13 * (index % 9), write_s=f"{11 + _noise(index, 7)}.204")
        for index, at in enumerate(spread(start, end, count))
    )


def run_of_job(start: datetime, end: datetime, count: int) -> str:
    """What a job prints from its start to its good end."""
    steps = [
        line(at, "info", "batch done", batch=number, of=count, records=480 + _noise(number, 90))
        for number, at in enumerate(spread(start, end, count), start=1)
    ]
    return "\n".join([line(start, "info", "job started"), *steps, line(end, "info", "job finished", failed=0)])


def merged(*parts: str | Iterable[str]) -> str:
    """Log texts (all in logfmt) woven into one by their times."""
    lines = [one for part in parts for one in (part.splitlines() if isinstance(part, str) else part)]
    return "\n".join(sorted(lines))
