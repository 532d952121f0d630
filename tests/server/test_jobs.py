"""What a dead worker left behind."""

from __future__ import annotations

import asyncio

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from tests.factories import NOW, make_incident
from tocsin.investigation.models import Investigation
from tocsin.server.jobs import rescue
from tocsin.workflows.jobs import MAX_ATTEMPTS, defer_investigation

pytestmark = pytest.mark.django_db(transaction=True)


def left_behind(attempts: int) -> None:
    """A job of a worker that does not exist any more."""
    with connection.cursor() as cursor:  # Django does not empty tables that it does not manage
        cursor.execute("DELETE FROM procrastinate_jobs")
    incident = make_incident()
    Investigation.objects.create(
        incident=incident, ordinal=1, requested_by="tocsin", requested_at=NOW, attempts=attempts + 1
    )
    defer_investigation(incident.pk, 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [attempts])


def rescued() -> tuple[int, str]:
    async def story() -> int:
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker_app.open_async():
            return await rescue(worker_app)

    count = asyncio.run(story())
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs")
        return count, str(cursor.fetchone()[0])


def test_a_job_left_by_a_dead_worker_starts_again() -> None:
    left_behind(attempts=0)
    assert rescued() == (1, "todo")
    assert Investigation.objects.get().finished_at is None


def test_a_job_that_kills_every_worker_is_given_up_and_said_so() -> None:
    left_behind(attempts=MAX_ATTEMPTS - 1)
    assert rescued() == (1, "failed")
    investigation = Investigation.objects.get()
    assert (investigation.error, investigation.incident.analysis) == ("the worker died each time", "failed")
