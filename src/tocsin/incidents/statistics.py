"""How long incidents take to resolve, with those that are still open counted for what they are: not resolved yet. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class TimeToResolve:
    """Seconds. `median` and `ninetieth` (percentile) are None where too many are open to tell; `mean` is of `ended` ones only."""

    ended: int
    still_open: int
    median: float | None
    ninetieth: float | None
    mean: float | None


def time_to_resolve(ended: Sequence[float], still_open: Sequence[float]) -> TimeToResolve:
    """From the seconds that ended incidents took, and those for which the others have been open so far.

    Quantiles are those of the Kaplan-Meier estimate (J. Am. Stat. Assoc. 53, 1958): an open incident takes longer than it has
    been open. Left out, the slowest ones would not count until they are over.
    """
    mean = sum(ended) / len(ended) if ended else None
    median, ninetieth = _quantiles(ended, still_open, (0.5, 0.9))
    return TimeToResolve(len(ended), len(still_open), median, ninetieth, mean)


def _quantiles(ended: Sequence[float], still_open: Sequence[float], shares: Sequence[float]) -> list[float | None]:
    """For each share, the shortest time within which so many are resolved."""
    events = sorted([*((time, 0) for time in ended), *((time, 1) for time in still_open)])
    left, unresolved = len(events), 1.0
    found: list[float | None] = [None] * len(shares)
    for (time, is_open), same in groupby(events):
        count = len(list(same))
        if not is_open:
            unresolved *= 1 - count / left
            for place, share in enumerate(shares):
                # A sum of products is seldom exact: a billionth is none.
                if found[place] is None and unresolved <= 1 - share + 1e-9:
                    found[place] = time
        left -= count
    return found
