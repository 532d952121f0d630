"""Restarting is patient with what once worked, and short with what never did."""

from __future__ import annotations

from tocsin.server.restarts import ATTEMPTS, LONGEST_DELAY, PROVEN_AFTER, Restarts


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_limit() -> None:
    restarts, delays = Restarts(), []
    for _ in range(12):
        restarts = restarts.after_running(0.1)
        delays.append(restarts.delay)
    assert delays[:4] == [0.25, 0.5, 1.0, 2.0]
    assert delays[-1] == LONGEST_DELAY


def test_a_long_run_makes_the_wait_short_again() -> None:
    restarts = Restarts(failures=9).after_running(PROVEN_AFTER)
    assert restarts.delay == 0.25


def test_what_never_worked_is_given_up() -> None:
    restarts = Restarts()
    for _ in range(ATTEMPTS):
        assert not restarts.hopeless
        restarts = restarts.after_running(PROVEN_AFTER - 1)
    assert restarts.hopeless


def test_what_once_worked_is_never_given_up() -> None:
    restarts = Restarts().after_running(PROVEN_AFTER)
    for _ in range(100):
        restarts = restarts.after_running(0.1)
    assert not restarts.hopeless
    assert restarts.delay == LONGEST_DELAY
