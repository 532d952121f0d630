"""A process says that it lives, and which of its parts went well; what it said is forgotten when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.moments import NOW
from tocsin.ground.models import Process
from tocsin.server.heart import FORGOTTEN_AFTER, Heart


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_part_is_told_of_by_how_long_ago_it_went_well() -> None:
    clock = Clock()
    heart = Heart("worker", ("timers", "mail"), clock)
    heart.ended("timers")
    clock.seconds += 12
    assert heart.told() == {"timers": {"ago": 12, "wrong": ""}, "mail": {"ago": None, "wrong": ""}}


def test_of_a_failure_only_its_kind_is_told() -> None:
    heart = Heart("worker", ("mail",))
    heart.ended("mail", OSError("password 4711 refused"))
    assert heart.told()["mail"]["wrong"] == "OSError"


@pytest.mark.django_db
def test_a_process_beats_until_it_is_stopped_and_the_silent_are_forgotten() -> None:
    Process.objects.create(name="old", kind="web", started_at=NOW, beat_at=NOW - 2 * FORGOTTEN_AFTER)
    heart = Heart("web")
    heart.beat(NOW)
    heart.beat(NOW + timedelta(seconds=5))
    assert [(row.name, row.beat_at) for row in Process.objects.all()] == [(heart.name, NOW + timedelta(seconds=5))]
    heart.stop()
    assert not Process.objects.exists()
