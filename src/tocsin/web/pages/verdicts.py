"""What policies said of a run, by rule, those that block first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from tocsin.deployments.terraform.violations import PolicyResult

_STATUSES = ("failed", "warning", "skipped", "passed")
_SEVERITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule, with what it said of each resource: at least one verdict, all of one status."""

    verdicts: tuple[PolicyResult, ...]

    @property
    def first(self) -> PolicyResult:
        """Stands for what all of them have in common: engine, rule, severity, status."""
        return self.verdicts[0]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The rules that were not just passed, worst first; how many of each status; how many can't be read."""

    troubled: tuple[Ruled, ...]
    counts: tuple[tuple[str, int], ...]
    unreadable: int

    @property
    def failed(self) -> int:
        """How many failed."""
        return dict(self.counts).get("failed", 0)


def verdicts(stored: Iterable[Any]) -> Verdicts:
    """The stored results, put together."""
    found, unreadable = [], 0
    for each in stored:
        try:
            found.append(msgspec.convert(each, PolicyResult))
        except msgspec.ValidationError:  # written by another version
            unreadable += 1
    rules: dict[tuple[str, str, str], list[PolicyResult]] = {}
    for verdict in found:
        if verdict.status != "passed":
            rules.setdefault((verdict.engine, verdict.rule, verdict.status), []).append(verdict)
    troubled = sorted((Ruled(tuple(group)) for group in rules.values()), key=_urgency)
    counts = [(status, sum(1 for verdict in found if verdict.status == status)) for status in _STATUSES]
    return Verdicts(tuple(troubled), tuple(pair for pair in counts if pair[1]), unreadable)


def _urgency(rule: Ruled) -> tuple[int, int, str]:
    severity = rule.first.severity.lower()
    rank = _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)
    return _STATUSES.index(rule.first.status), rank, rule.first.rule
