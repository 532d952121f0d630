"""What is due is done."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from django.db.utils import OperationalError

from tests.factories import NOW, make_incident
from tocsin.ground.database import conninfo
from tocsin.ground.models import Timer
from tocsin.incidents import changes
from tocsin.workflows import timers

pytestmark = pytest.mark.django_db


def make_timer(kind: str = "quiet", key: str = "1", due_at: datetime = NOW) -> Timer:
    return Timer.objects.create(kind=kind, key=key, due_at=due_at)


def test_what_is_not_due_stays() -> None:
    make_timer(due_at=NOW + timedelta(seconds=1))
    assert (timers.sweep(NOW), Timer.objects.count()) == (0, 1)


def test_a_timer_that_fails_stands_back_and_holds_up_no_other() -> None:
    broken = make_timer(key="not a number", due_at=NOW - timedelta(hours=1))
    quiet = make_incident(quiet_since=NOW - timedelta(hours=1))
    make_timer(key=str(quiet.pk))
    assert timers.sweep(NOW) == 1
    quiet.refresh_from_db()
    assert quiet.status == "resolved"
    left = Timer.objects.exclude(kind=changes.ENDED).get()
    assert (left, left.due_at) == (broken, NOW + timers.STAND_BACK)


def test_a_timer_that_the_database_failed_stays_due(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_cut_off(key: str, now: datetime) -> None:
        raise OperationalError("as Django says it") from psycopg.OperationalError("server closed the connection")

    monkeypatch.setitem(timers.DUE, "quiet", is_cut_off)
    timer = make_timer()
    with pytest.raises(OperationalError):
        timers.sweep(NOW)
    assert Timer.objects.get().due_at == timer.due_at


def test_a_kind_that_only_a_newer_version_knows_is_left_to_it() -> None:
    make_timer(kind="from the future")
    assert (timers.sweep(NOW), Timer.objects.count()) == (0, 1)


def test_a_timer_set_anew_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def sets_it_anew(key: str, now: datetime) -> None:
        Timer.objects.update(due_at=now + timedelta(minutes=5))

    monkeypatch.setitem(timers.DUE, "quiet", sets_it_anew)
    make_timer()
    timers.sweep(NOW)
    assert Timer.objects.get().due_at == NOW + timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_what_ingest_writes_about_an_incident_does_not_wait_for_a_timer_that_has_it_locked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    incident = make_incident(quiet_since=NOW - timedelta(hours=1))
    make_timer(key=str(incident.pk))
    resolve, seen = timers.DUE["quiet"], []

    def look_from_elsewhere(key: str, now: datetime) -> None:
        resolve(key, now)
        with psycopg.connect(conninfo()) as other:  # as PostgreSQL checks a row that refers to the incident
            seen.extend(other.execute("SELECT id FROM incidents_incident FOR KEY SHARE NOWAIT").fetchall())

    monkeypatch.setitem(timers.DUE, "quiet", look_from_elsewhere)
    assert timers.sweep(NOW) == 1
    assert seen == [(incident.pk,)]
