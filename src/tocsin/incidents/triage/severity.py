"""How bad an incident is: one scale of four, and the words by which senders say it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """One scale, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return RANKS[self]

    def at_most(self, ceiling: Severity) -> Severity:
        """This one, or the ceiling where this is worse."""
        return self if self.rank >= ceiling.rank else ceiling

    @property
    def raised(self) -> Severity:
        """The next worse one; the worst stays."""
        return tuple(Severity)[max(0, self.rank - 1)]


RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def worst(severities: Iterable[Severity]) -> Severity:
    """The worst of some; of none, low."""
    return min(severities, key=RANKS.__getitem__, default=Severity.LOW)


class Triage(NamedTuple):
    """A severity and why."""

    severity: Severity
    reason: str


WORDS = {
    Severity.CRITICAL: {"critical", "crit", "page", "fatal", "emergency", "p0", "p1", "sev0", "sev1", "disaster"},
    Severity.HIGH: {"high", "error", "major", "err", "p2", "sev2"},
    Severity.MEDIUM: {"medium", "warning", "warn", "average", "p3", "sev3", "moderate"},
    Severity.LOW: {"low", "info", "informational", "notice", "none", "minor", "p4", "sev4", "sev5", "p5", "debug"},
}
SEVERITY_OF_WORD = {word: severity for severity, words in WORDS.items() for word in words}
