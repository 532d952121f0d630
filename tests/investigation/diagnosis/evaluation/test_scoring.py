"""Accuracy, and whether confidences hold."""

import math

import pytest

from tocsin.investigation.diagnosis.evaluation.scoring import Result, score, wilson


def result(place: int, confidence: float, *, cause: str = "oom-killed", ms: float = 1.0) -> Result:
    return Result("c", "own", "oom", place, "diagnosed" if cause else "inconclusive", cause, "", confidence, ms)


def test_counts_first_and_among_three() -> None:
    got = score([result(1, 0.9), result(3, 0.9), result(4, 0.9), result(0, 0.0, cause="")])
    assert (got.first, got.top_3, got.accuracy_at_1, got.inconclusive) == (1, 2, 0.25, 1)


def test_a_wrong_answer_at_high_confidence_is_counted() -> None:
    got = score([result(0, 0.85), result(0, 0.84), result(1, 0.99)])
    assert (got.high, got.wrong_at_high) == (2, 1)


def test_always_saying_the_base_rate_has_no_skill() -> None:
    got = score([result(1, 0.5), result(0, 0.5)])
    assert (got.brier_skill, got.log_loss_skill) == (0.0, 0.0)


def test_being_sure_and_right_has_all_skill() -> None:
    got = score([result(1, 1.0), result(0, 0.0)])
    assert got.brier_skill == 1.0
    assert got.log_loss is not None
    assert math.isclose(got.log_loss, -math.log(0.999), abs_tol=1e-4)


def test_skill_is_unknown_where_everything_is_right() -> None:
    assert score([result(1, 0.9)]).brier_skill is None


def test_a_band_tells_what_was_said_and_what_came_true() -> None:
    [band] = score([result(1, 0.9), result(0, 0.86)]).reliability
    assert (band.low, band.high, band.cases, band.mean, band.share) == (0.85, 0.95, 2, 0.88, 0.5)


def test_no_result_is_no_score() -> None:
    assert score([]).brier is None


@pytest.mark.parametrize(
    ("right", "cases", "interval"), [(0, 0, (0.0, 1.0)), (5, 10, (0.237, 0.763)), (3, 3, (0.438, 1.0))]
)
def test_wilson_interval(right: int, cases: int, interval: tuple[float, float]) -> None:
    assert wilson(right, cases) == interval
