"""What is silent for too long fails, what can't be known is unknown, and what waits is late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.moments import NOW
from tocsin.workflows.signs import Part, Process, Sign, Standing, by_urgency, of_kind, of_queue, of_work, worst


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def worker(beat: float = 1, timers: float | None = 1, wrong: str = "", began: float = 600) -> Process:
    part = Part(None if timers is None else ago(timers), wrong)
    return Process("here:1", "worker", ago(began), ago(beat), {"timers": part})


def test_a_process_that_beats_is_well_and_one_that_ended_unasked_is_named() -> None:
    sign = of_kind("worker", [worker(), worker(beat=300)], NOW)
    assert (sign.standing, sign.said) == (Standing.WELL, "1 running; 1 ended without a word within the hour.")


def test_without_a_process_it_fails_since_the_last_word() -> None:
    sign = of_kind("worker", [worker(beat=720)], NOW)
    assert (sign.standing, sign.since) == (Standing.FAILING, ago(720))
    assert sign.said.startswith("No worker is heard of any more: nobody is called")
    assert of_kind("web", [], NOW).said == "No web was heard of within the hour."


@pytest.mark.parametrize(
    ("process", "standing"),
    [
        (worker(), Standing.WELL),
        (worker(wrong="OperationalError"), Standing.TROUBLED),
        (worker(timers=90), Standing.FAILING),
        (worker(timers=None), Standing.FAILING),
        (worker(timers=None, began=10), Standing.UNKNOWN),
    ],
)
def test_work_is_judged_by_when_it_went_well_last(process: Process, standing: Standing) -> None:
    assert of_work("timers", [process], NOW).standing is standing


def test_work_that_another_process_does_is_done() -> None:
    assert of_work("timers", [worker(timers=500), worker()], NOW).standing is Standing.WELL


def test_work_that_fails_says_why_and_what_stops_without_it() -> None:
    said = of_work("timers", [worker(timers=90, wrong="OperationalError")], NOW).said
    assert said.startswith("It does not go on (OperationalError). Nothing that is due happens")


@pytest.mark.parametrize(
    ("late", "standing"), [(None, Standing.WELL), (5, Standing.WELL), (20, Standing.TROUBLED), (61, Standing.FAILING)]
)
def test_what_is_due_and_waits_is_late(late: float | None, standing: Standing) -> None:
    oldest = None if late is None else ago(late)
    assert of_queue("outbox", "Messages", oldest, 3, NOW).standing is standing


def test_the_whole_is_as_its_worst_part() -> None:
    found = [Sign(each, each, each, "") for each in (Standing.WELL, Standing.FAILING, Standing.UNKNOWN)]
    assert worst(found) is Standing.FAILING
    assert [sign.standing for sign in by_urgency(found)][-1] is Standing.WELL
    assert worst([]) is Standing.UNKNOWN
