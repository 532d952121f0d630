"""What a sender is told: that its signal is kept, or why not, in the words that this kind of sender understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from starlette.responses import Response

from tocsin.alerts.parsed import Parsed
from tocsin.web.problems import problem

# Headers that go with a status, whatever was refused.
_CHALLENGES = {401: {"WWW-Authenticate": "Bearer"}, 405: {"Allow": "POST"}}


class Refused(Exception):
    """A request that is not taken in: a status, and one line for its sender.

    `signal` is where it is kept as rejected; `retry_after` in seconds, where it should be sent again.
    """

    def __init__(self, status: int, detail: str, *, signal: int | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.signal, self.retry_after = status, detail, signal, retry_after

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says beside its body."""
        if self.status in _CHALLENGES:
            return _CHALLENGES[self.status]
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


@dataclass(frozen=True, slots=True)
class Kept:
    """A signal that is committed, and what was understood of it. `repeated`: it had been, and nothing changed."""

    signal: int
    parsed: Parsed
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of sender is answered. `names_alerts`: what is accepted is told apart, so it must be understood each time."""

    accepted: Callable[[Kept], Response]
    refused: Callable[[Refused], Response]
    names_alerts: bool = False


def _accepted(kept: Kept) -> Response:
    told: dict[str, object] = {
        "signal": kept.signal,
        "alerts": len(kept.parsed.alerts),
        "rejected": kept.parsed.rejected,
    }
    if kept.parsed.runs:
        told["deployments"] = len(kept.parsed.runs)
    if kept.parsed.note:
        told["note"] = kept.parsed.note
    if kept.repeated:
        told["repeated"] = True
    return Response(msgspec.json.encode(told), 202, media_type="application/json")


def as_problem(refused: Refused) -> Response:
    """A refusal as problem details."""
    more = {} if refused.signal is None else {"signal": refused.signal}
    return problem(refused.status, refused.detail, refused.headers, **more)


# Tocsin's own.
PLAIN = Dialect(_accepted, as_problem)
