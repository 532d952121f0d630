"""Scores become probabilities that hold."""

import random

import pytest

from tocsin.investigation.diagnosis.evaluation.calibration import Platt, fit, folds, logit


def claims(said: float, share: float, count: int) -> list[tuple[float, bool]]:
    """Return claims of which a share came true."""
    return [(said, index < share * count) for index in range(count)]


def test_nothing_known_changes_nothing() -> None:
    assert fit([]) == Platt(1.0, 0.0)


def test_what_holds_is_left_alone() -> None:
    scaling = fit([*claims(0.9, 0.9, 100), *claims(0.6, 0.6, 100)])
    assert scaling(0.9) == pytest.approx(0.9, abs=0.02)


def test_too_sure_becomes_less_sure() -> None:
    assert fit(claims(0.99, 0.7, 100))(0.99) == pytest.approx(0.7, abs=0.06)


def test_few_cases_move_little() -> None:
    assert fit(claims(0.99, 0.5, 2))(0.99) > 0.8


def test_an_order_is_kept() -> None:
    scaling = fit(claims(0.9, 0.2, 50))
    assert scaling(0.2) < scaling(0.5) < scaling(0.9)


def test_folds_judge_each_claim_without_it() -> None:
    drawn = random.Random(3)
    said = [0.8 if drawn.random() < 0.5 else 0.3 for _ in range(200)]
    judged = folds([(p, drawn.random() < p) for p in said])
    assert len(judged) == 200
    assert all(0 < p < 1 for p, _ in judged)


def test_log_odds_stay_finite() -> None:
    assert logit(1.0) < 10
