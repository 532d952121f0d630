"""What was gathered a moment ago of an incident, for all the open pages that were told of the same change and ask at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Gathered = TypeVar("Gathered")

# The pages of a change ask within a second or two. What nobody is told of, such as a clock that runs out, may be so late.
KEPT_S = 2.0


@dataclass(slots=True)
class _Moment(Generic[Gathered]):
    """What was found, by the first who asked; the others wait for it rather than for a database of their own."""

    until: float
    found: Gathered | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Moments(Generic[Gathered]):
    """Keeps what `gather` finds of an incident, under what was asked of it, until somebody changes the incident.

    It is given no request, so nothing in what is shared can depend on who asks. While nobody listens to changes
    (`is_told` is false), nothing is kept.
    """

    def __init__(self, gather: Callable[[int, str], Gathered]) -> None:
        """`gather` takes an incident's number and what is asked; what it raises is raised to whoever asks, and not kept."""
        self._gather = gather
        self._kept: dict[tuple[int, str], _Moment[Gathered]] = {}
        self._lock = threading.Lock()
        self.is_told = False

    def of(self, incident: int, asked: str = "") -> Gathered:
        """What there is to know of an incident, as it was when the last change was heard of or later."""
        if not self.is_told:
            return self._gather(incident, asked)
        now = time.monotonic()
        with self._lock:
            self._kept = {key: moment for key, moment in self._kept.items() if moment.until > now}
            moment = self._kept.setdefault((incident, asked), _Moment(now + KEPT_S))
        with moment.lock:
            if moment.found is None:
                moment.found = self._gather(incident, asked)
            return moment.found

    def forget(self, incidents: Collection[int] | None) -> None:
        """Somebody changed these incidents; None: any may have changed. To be called before a page is told to look."""
        with self._lock:
            gone = [key for key in self._kept if incidents is None or key[0] in incidents]
            for key in gone:
                del self._kept[key]
