"""What a process says of itself every few seconds: that it lives, and which of its parts went well when."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

log = logging.getLogger(__name__)

BEAT_EVERY_S = 5.0
# A process that has been silent for so long is no news any more.
FORGOTTEN_AFTER = timedelta(hours=1)


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(2)}"


@dataclass(slots=True)
class _Part:
    at: float | None = None
    wrong: str = ""


@dataclass(slots=True)
class Heart:
    """Of one process: `kind` is web or worker, `parts` all that should go well in it, `clock` in seconds, never set back."""

    kind: str
    parts: tuple[str, ...] = ()
    clock: Callable[[], float] = time.monotonic
    name: str = field(default_factory=_name)
    _known: dict[str, _Part] = field(default_factory=dict)
    _started: float = 0.0

    def __post_init__(self) -> None:
        self._known = {part: _Part() for part in self.parts}
        self._started = self.clock()

    def ended(self, part: str, error: BaseException | None = None) -> None:
        """A round of a part went well, or failed. Of an error only its kind is told to others: it may hold anything."""
        if error is None:
            self._known[part].at, self._known[part].wrong = self.clock(), ""
        else:
            self._known[part].wrong = type(error).__name__

    def told(self) -> dict[str, Any]:
        """All parts, as they are kept."""
        now = self.clock()
        return {
            name: {"ago": None if part.at is None else round(now - part.at, 1), "wrong": part.wrong}
            for name, part in self._known.items()
        }

    def beat(self, now: datetime) -> None:
        """Says it to the others; `now` by the database's clock. Raises django.db.Error."""
        from tocsin.ground.models import Process

        lived = timedelta(seconds=self.clock() - self._started)
        values = {"kind": self.kind, "started_at": now - lived, "beat_at": now, "parts": self.told()}
        Process.objects.update_or_create(name=self.name, defaults=values)
        Process.objects.filter(beat_at__lt=now - FORGOTTEN_AFTER).delete()

    def stop(self) -> None:
        """It ends as it was asked to: nobody need wonder. Raises django.db.Error."""
        from tocsin.ground.models import Process

        Process.objects.filter(name=self.name).delete()

    async def run(self, aside: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
        """Beats until cancelled; `aside` runs functions that use the database. While that is away, others see the silence."""
        from django.db import Error

        from tocsin.ground import database

        while True:
            try:
                await aside(lambda: self.beat(database.now()))
            except Error as error:
                log.warning("nobody hears that this process lives: %s", type(error).__name__)
            await asyncio.sleep(BEAT_EVERY_S)
