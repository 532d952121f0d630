"""How good a set of diagnoses is: accuracy, and whether a confidence means what it says."""

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from tocsin.investigation.diagnosis.evaluation.calibration import fit, folds
from tocsin.investigation.diagnosis.evaluation.cases import Truth
from tocsin.investigation.diagnosis.report import Report, label

_EDGES = (0.0, 0.3, 0.6, 0.75, 0.85, 0.95, 1.0)
# Probabilities are kept this far from 0 and 1, so that a logarithm stays finite.
_LEAST = 0.001


class Result(msgspec.Struct, frozen=True):
    """One judged case: where the truth ranks (0: not at all), and what ranked first with which confidence (0: nothing)."""

    case: str
    source: str
    label: str
    place: int
    outcome: str
    cause: str
    subject: str
    confidence: float
    milliseconds: float
    healthy: bool = False

    @property
    def right(self) -> bool:
        """Whether the truth ranks first."""
        return self.place == 1

    @property
    def claimed(self) -> bool:
        """Whether a cause was named as the answer, so that a confidence can be held to account."""
        return bool(self.cause)


class Band(msgspec.Struct, frozen=True):
    """The answers with a confidence from `low` up to `high`: their mean, the share that was right, its 95 % interval."""

    low: float
    high: float
    cases: int
    right: int
    mean: float
    share: float
    interval: tuple[float, float]


class Scaled(msgspec.Struct, frozen=True):
    """What Platt scaling would make of the confidences: each case judged by one fitted without its tenth of the cases.

    `slope` and `shift` are those of all cases together; 1 and 0 where nothing needs to be moved.
    """

    slope: float
    shift: float
    brier: float | None
    log_loss: float | None


class Score(msgspec.Struct, frozen=True):
    """What a set of results adds up to; shares are of 1, a skill is what is saved of the loss of always saying the base rate."""

    cases: int
    first: int
    top_3: int
    accuracy_at_1: float
    accuracy_at_3: float
    inconclusive: int
    high: int
    wrong_at_high: int
    right_that_are_high: float
    brier: float | None
    brier_skill: float | None
    log_loss: float | None
    log_loss_skill: float | None
    median_ms: float
    p95_ms: float
    reliability: tuple[Band, ...]


def judged(name: str, source: str, kind: str, truth: Truth, report: Report, milliseconds: float) -> Result:
    """Hold a report against the truth of its case."""
    top = report.hypotheses[0] if report.hypotheses else None
    return Result(
        case=name,
        source=source,
        label=kind,
        place=truth.place(report),
        outcome=report.outcome,
        cause=top.cause if top else "",
        subject=str(top.subject) if top else "",
        confidence=top.confidence if top else 0.0,
        milliseconds=round(milliseconds, 1),
        healthy=truth.outcome == "healthy",
    )


def score(results: Iterable[Result]) -> Score:
    """Add results up."""
    held = list(results)
    claims = [(result.confidence, result.right) for result in held if result.claimed]
    high = [result for result in held if result.claimed and label(result.confidence) == "high"]
    right = [result for result in held if result.right and result.claimed]
    times = sorted(result.milliseconds for result in held)
    first, top_3 = sum(r.right for r in held), sum(1 <= r.place <= 3 for r in held)
    return Score(
        cases=len(held),
        first=first,
        top_3=top_3,
        accuracy_at_1=_share(first, len(held)),
        accuracy_at_3=_share(top_3, len(held)),
        inconclusive=sum(result.outcome == "inconclusive" for result in held),
        high=len(high),
        wrong_at_high=sum(not result.right for result in high),
        right_that_are_high=_share(sum(result.right for result in high), len(right)),
        brier=_mean(claims, _squared),
        brier_skill=_skill(claims, _squared),
        log_loss=_mean(claims, _logarithmic),
        log_loss_skill=_skill(claims, _logarithmic),
        median_ms=statistics.median(times) if times else 0.0,
        p95_ms=times[math.ceil(0.95 * len(times)) - 1] if times else 0.0,
        reliability=tuple(_bands(claims)),
    )


def scaled(results: Iterable[Result]) -> Scaled:
    """Fit a scaling to the confidences, and judge it in ten folds."""
    claims = [(result.confidence, result.right) for result in results if result.claimed]
    worth = folds(claims)
    return Scaled(*fit(claims), _mean(worth, _squared), _mean(worth, _logarithmic))


def grouped(results: Iterable[Result], by: Callable[[Result], str]) -> dict[str, list[Result]]:
    """Sort results into groups, by name."""
    groups = defaultdict(list)
    for result in results:
        groups[by(result)].append(result)
    return dict(sorted(groups.items()))


def wilson(right: int, cases: int, z: float = 1.96) -> tuple[float, float]:
    """Return the interval in which a share lies (Wilson 1927), 95 % by default."""
    if not cases:
        return 0.0, 1.0
    share, size = right / cases, z * z / cases
    middle = (share + size / 2) / (1 + size)
    half = z / (1 + size) * math.sqrt(share * (1 - share) / cases + size / cases / 4)
    return round(max(middle - half, 0.0), 3), round(min(middle + half, 1.0), 3)


def _bands(claims: Sequence[tuple[float, bool]]) -> Iterator[Band]:
    for low, high in pairwise(_EDGES):
        inside = [(p, right) for p, right in claims if low <= p < high or (p == high == 1.0)]
        if inside:
            right = sum(was for _, was in inside)
            mean = round(statistics.fmean(p for p, _ in inside), 3)
            yield Band(low, high, len(inside), right, mean, _share(right, len(inside)), wilson(right, len(inside)))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def _squared(p: float, right: bool) -> float:
    return (p - right) ** 2


def _logarithmic(p: float, right: bool) -> float:
    kept = min(max(p, _LEAST), 1 - _LEAST)
    return -math.log(kept if right else 1 - kept)


def _mean(claims: Sequence[tuple[float, bool]], loss: Callable[[float, bool], float]) -> float | None:
    return round(statistics.fmean(loss(p, right) for p, right in claims), 4) if claims else None


def _skill(claims: Sequence[tuple[float, bool]], loss: Callable[[float, bool], float]) -> float | None:
    """Return how much better than always saying the share that is right; None where that one can't be beaten."""
    if not claims:
        return None
    rate = sum(right for _, right in claims) / len(claims)
    base = statistics.fmean(loss(rate, right) for _, right in claims)
    return round(1 - statistics.fmean(loss(p, right) for p, right in claims) / base, 3) if 0 < rate < 1 else None
