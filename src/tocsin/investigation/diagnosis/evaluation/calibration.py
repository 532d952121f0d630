"""From a score to a probability that holds: Platt scaling, fitted by MAP so that few cases move it little.

    confidence = sigmoid(a·logit(p) + c),   ln a ~ N(0, 0.5²),   c ~ N(0, 1)

Platt (1999), with priors at the identity: with ten cases it moves little, with hundreds it follows them.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

_SPREAD_OF_SLOPE, _SPREAD_OF_SHIFT = 0.5, 1.0
_LEAST = 1e-4
_STEPS = 200


class Platt(NamedTuple):
    """A fitted scaling; (1, 0) changes nothing."""

    slope: float = 1.0
    shift: float = 0.0

    def __call__(self, probability: float) -> float:
        """Return the probability that this one comes true with."""
        return _sigmoid(self.slope * logit(probability) + self.shift)


def logit(probability: float) -> float:
    """Return the log-odds (nats) of a probability, kept away from 0 and 1."""
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def fit(claims: Iterable[tuple[float, bool]]) -> Platt:
    """Return the scaling that makes these claims (what was said, whether it came true) likeliest, given the priors.

    Coordinate-wise golden-section descent on the negative log-posterior, which has one minimum here.
    """
    held = [(logit(said), was) for said, was in claims]
    log_slope, shift = 0.0, 0.0
    for _ in range(_STEPS):
        before = (log_slope, shift)
        log_slope = _least(partial(_loss, held, shift), 2.0)
        shift = _least(partial(_loss_of_shift, held, log_slope), 4.0)
        if math.dist(before, (log_slope, shift)) < 1e-6:
            break
    return Platt(round(math.exp(log_slope), 3), round(shift, 3))


def folds(claims: Sequence[tuple[float, bool]], count: int = 10) -> list[tuple[float, bool]]:
    """Return the claims with what each is worth by a scaling fitted without its tenth: what to expect of new ones."""
    worth = []
    for fold in range(count):
        scaling = fit(claim for index, claim in enumerate(claims) if index % count != fold)
        worth += [(scaling(said), was) for index, (said, was) in enumerate(claims) if index % count == fold]
    return worth


def _loss(held: Sequence[tuple[float, bool]], shift: float, log_slope: float) -> float:
    slope = math.exp(log_slope)
    doubts = math.fsum(_softplus(-(slope * z + shift) if was else slope * z + shift) for z, was in held)
    return doubts + (log_slope / _SPREAD_OF_SLOPE) ** 2 / 2 + (shift / _SPREAD_OF_SHIFT) ** 2 / 2


def _loss_of_shift(held: Sequence[tuple[float, bool]], log_slope: float, shift: float) -> float:
    return _loss(held, shift, log_slope)


def _least(loss: Callable[[float], float], farthest: float) -> float:
    """Return where a loss with one valley is least, at most so far from 0."""
    low, high, ratio = -farthest, farthest, (math.sqrt(5) - 1) / 2
    while high - low > 1e-6:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return (low + high) / 2


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
