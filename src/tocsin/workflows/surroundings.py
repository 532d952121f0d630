"""What decisions about alerts may know of their environment, as a value; `memory` gathers it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tocsin.alerts.silencing import Silence
from tocsin.catalog.directory import Directory
from tocsin.incidents.matching import NO_DIRECTORY
from tocsin.incidents.relation import NO_PAIRS, Pairs
from tocsin.incidents.storms import Rate


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One environment, as a batch of alerts finds it."""

    kind: str
    directory: Directory = NO_DIRECTORY
    pairs: Pairs = NO_PAIRS
    silences: tuple[Silence, ...] = ()
    rate: Rate = Rate()  # noqa: RUF009  # frozen
    sources: Mapping[int, str] = field(default_factory=dict)

    def with_firings(self, count: int, now: datetime) -> Surroundings:
        """The same after `count` more firings."""
        return replace(self, rate=self.rate.with_firings(count, now))
