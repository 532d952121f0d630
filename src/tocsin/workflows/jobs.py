"""The jobs, and how they are asked for. Every job may run more than once, and does its work at most once.

procrastinate's own notification on each inserted job makes commits wait for each other, so the trigger is off (see the
migration) and whoever defers jobs sends one notification for all of them.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.db import connection as django_connection
from django.db import connections
from procrastinate import App, JobContext, RetryStrategy
from psycopg import AsyncConnection

INVESTIGATE = "investigate"
QUEUE = "investigation"
MAX_ATTEMPTS = 4
RETRY = RetryStrategy(max_attempts=MAX_ATTEMPTS - 1, exponential_wait=2)  # retries, after the first attempt
DEFER = """
SELECT procrastinate_defer_jobs_v1(array_agg(ROW(%(queue)s, %(task)s, 0, 'incident:' || x.incident, NULL,
    jsonb_build_object('incident', x.incident, 'ordinal', x.ordinal), NULL)::procrastinate_job_to_defer_v1))
FROM jsonb_to_recordset(%(jobs)s::jsonb) AS x(incident bigint, ordinal int)
"""
WAKE_WORKERS = "SELECT pg_notify('procrastinate_any_queue_v1', %(message)s)"
WAKE_MESSAGE = {"message": json.dumps({"type": "job_inserted", "job_id": 0})}


def on_app_ready(app: App) -> None:
    """Gives procrastinate its tasks; called by its Django integration when Django is ready."""

    @app.task(name=INVESTIGATE, queue=QUEUE, pass_context=True, retry=RETRY)
    def investigate(context: JobContext, incident: int, ordinal: int) -> None:
        # imported by the worker when it runs one: the web process only asks for jobs
        from tocsin.workflows import respond

        last = context.job.attempts + 1 >= MAX_ATTEMPTS
        try:
            respond.investigate(incident, ordinal, is_last_attempt=last)
        finally:
            connections.close_all()  # back to the pool: this thread may not run another job


def _parameters(jobs: list[tuple[int, int]]) -> dict[str, Any]:
    rows = [{"incident": incident, "ordinal": ordinal} for incident, ordinal in jobs]
    return {"queue": QUEUE, "task": INVESTIGATE, "jobs": msgspec.json.encode(rows).decode()}


async def defer_investigations(
    connection: AsyncConnection[tuple[Any, ...]], investigations: list[tuple[int, int]]
) -> None:
    """Asks for these investigations, each an incident and an ordinal, in the caller's transaction."""
    await connection.execute(DEFER, _parameters(investigations))
    await connection.execute(WAKE_WORKERS, WAKE_MESSAGE)


def defer_investigation(incident_id: int, ordinal: int) -> None:
    """Asks for one investigation, in Django's current transaction."""
    with django_connection.cursor() as cursor:
        cursor.execute(DEFER, _parameters([(incident_id, ordinal)]))
        cursor.execute(WAKE_WORKERS, WAKE_MESSAGE)
