"""Which incidents before were like one, and why: what they have in common, weighed. Pure.

The weights are a judgement: one thing that says what was wrong (its subject, its configuration, its cause) is enough to be
shown, a service that was affected too is not, since everything affects the gateway.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter


class Tie(StrEnum):
    """What two incidents can have in common."""

    SUBJECT = "subject"
    CONFIGURATION = "configuration"
    CAUSE = "cause"
    SERVICE = "service"


WEIGHTS = {Tie.SUBJECT: 3, Tie.CONFIGURATION: 3, Tie.CAUSE: 2, Tie.SERVICE: 1}
LEAST = 2
MOST = 5
_WORDS = {
    Tie.SUBJECT: "the same subject, {}",
    Tie.CONFIGURATION: "the same configuration failed, {}",
    Tie.CAUSE: "the same cause, {}",
    Tie.SERVICE: "affected {} too",
}


@dataclass(frozen=True, slots=True)
class Shared:
    """An incident before has something in common with the one at hand; `value` is what."""

    incident: int
    tie: Tie
    value: str

    @property
    def words(self) -> str:
        """As a reason for people."""
        return _WORDS[self.tie].format(self.value)


@dataclass(frozen=True, slots=True)
class Similar:
    """An incident before, with what it has in common, the weightiest first."""

    incident: int
    score: int
    shared: tuple[Shared, ...]


def most_similar(shared: Iterable[Shared]) -> list[Similar]:
    """At most MOST incidents of all that have something in common; of those that are equally alike the newest first."""
    rows = sorted(set(shared), key=lambda row: (row.incident, -WEIGHTS[row.tie], row.value))
    found = []
    for incident, same in groupby(rows, attrgetter("incident")):
        together = tuple(same)
        found.append(Similar(incident, sum(WEIGHTS[row.tie] for row in together), together))
    alike = [one for one in found if one.score >= LEAST]
    return sorted(alike, key=lambda one: (-one.score, -one.incident))[:MOST]
