"""An outage of the database is one line of the log; everything else is written as it was."""

from __future__ import annotations

import logging
import sys

import psycopg
import pytest
from django.db.utils import OperationalError
from psycopg import errors

from tests.moments import NOW
from tocsin.server import outage
from tocsin.server.outage import Outage


def record(error: Exception | None, name: str = "tocsin", text: str = "a round failed") -> logging.LogRecord:
    """As `log.exception` makes it."""
    try:
        if error is not None:
            raise OperationalError("as Django says it") from error
    except OperationalError:
        return logging.LogRecord(name, logging.ERROR, "", 1, text, None, sys.exc_info())
    return logging.LogRecord(name, logging.WARNING, "", 1, text, None, None)


GONE = psycopg.OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize("error", [GONE, errors.AdminShutdown("ended"), psycopg.InterfaceError("it is closed")])
def test_what_meets_a_database_that_is_away_is_one_line_without_a_traceback(error: Exception) -> None:
    first, second = record(error), record(error)
    found = Outage()
    assert (found.filter(first), found.filter(second)) == (True, False)
    assert (first.getMessage(), first.exc_info) == (
        "the database is away, and is tried again all the time: as Django says it",
        None,
    )


def test_the_pool_that_can_not_connect_says_the_same() -> None:
    found = Outage()
    assert found.filter(record(None, "psycopg.pool", "error connecting in 'pool-1': no such file\nIs it running?"))
    assert not found.filter(record(GONE))


def test_after_a_minute_it_is_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found, now = Outage(), NOW.timestamp()
    monkeypatch.setattr("time.monotonic", lambda: now)
    assert found.filter(record(GONE))
    now += outage.SAID_EVERY_S
    assert found.filter(record(GONE))


@pytest.mark.parametrize("error", [errors.DeadlockDetected("deadlock"), errors.DiskFull("no room"), ValueError("x")])
def test_what_else_goes_wrong_keeps_its_words_and_its_traceback(error: Exception) -> None:
    kept = record(error)
    assert Outage().filter(kept)
    assert kept.getMessage() == "a round failed"
    assert kept.exc_info is not None
