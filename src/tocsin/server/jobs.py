"""The worker process: procrastinate's worker, and beside it the sweeper of timers and the rescue of stalled jobs."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tocsin.server.config import Config

if TYPE_CHECKING:
    from procrastinate import App

log = logging.getLogger(__name__)

T = TypeVar("T")

SWEEP_EVERY_S = 1.0
# A worker says every second that it lives; one that has not for five seconds is dead, and its jobs start again elsewhere.
HEARTBEAT_EVERY_S = 1.0
DEAD_AFTER_S = 5.0
RESCUE_EVERY_S = 2.0
TIDY_EVERY_S = 3600.0
CALENDARS_EVERY_S = 30.0
AUDIT_EVERY_S = 30.0
KEEP_FAILED_HOURS = 7 * 24
# Beside the jobs themselves: sweeping, rescuing, tidying, and delivering messages with its slow mail servers.
OTHER_THREADS = 12
# Asked for by notification; the poll is for what came while the connection was away.
POLL_EVERY_S = 5.0
SHUTDOWN_S = 20.0


def run_worker(config: Config) -> None:
    """Runs jobs until SIGTERM or SIGINT, then lets the running ones finish for a while. Returns when done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.server.settings")
    import django

    django.setup()
    asyncio.run(_run(config))


async def _run(config: Config) -> None:
    from procrastinate.contrib.django import app

    from tocsin.ground.database import conninfo
    from tocsin.workflows.delivering import RENEW_EVERY_S, Courier
    from tocsin.workflows.mailing import LOOK_EVERY_S as MAIL_EVERY_S
    from tocsin.workflows.mailing import Postman
    from tocsin.workflows.waking import listen

    courier = Courier(_aside)
    threads = ThreadPoolExecutor(config.worker_concurrency + OTHER_THREADS)
    asyncio.get_running_loop().set_default_executor(threads)  # jobs and timers must not wait for each other's threads
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's has one
    async with worker_app.open_async():
        beside = [
            asyncio.create_task(_every(SWEEP_EVERY_S, lambda: _aside(_sweep))),
            asyncio.create_task(courier.run()),
            asyncio.create_task(listen(conninfo(), courier.wake)),
            asyncio.create_task(_every(RENEW_EVERY_S, courier.renew)),
            asyncio.create_task(_every(MAIL_EVERY_S, Postman(_aside).look)),
            asyncio.create_task(_every(RESCUE_EVERY_S, lambda: rescue(worker_app))),
            asyncio.create_task(_every(CALENDARS_EVERY_S, lambda: _aside(_read_calendars))),
            asyncio.create_task(_every(AUDIT_EVERY_S, lambda: _aside(_audit))),
            asyncio.create_task(_every(TIDY_EVERY_S, lambda: _forget_failed(worker_app))),
        ]
        try:
            await worker_app.run_worker_async(
                concurrency=config.worker_concurrency,
                fetch_job_polling_interval=POLL_EVERY_S,
                update_heartbeat_interval=HEARTBEAT_EVERY_S,
                stalled_worker_timeout=DEAD_AFTER_S,
                shutdown_graceful_timeout=SHUTDOWN_S,
                delete_jobs="successful",
            )
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


def _sweep() -> None:
    from django.utils import timezone

    from tocsin.workflows import timers

    timers.sweep(timezone.now())


def _audit() -> None:
    from django.utils import timezone

    from tocsin.workflows import auditing

    auditing.audit(timezone.now())


def _read_calendars() -> None:
    from django.utils import timezone

    from tocsin.oncall import carriers

    carriers.refresh_due(timezone.now())


async def _aside(do: Callable[[], T]) -> T:
    """Runs what uses Django's database in a thread, which gives its connection back to the pool afterwards."""

    def run() -> T:
        from django.db import connections

        try:
            return do()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


async def rescue(app: App) -> int:
    """Starts again what a dead worker left behind; how many jobs that were. One that keeps killing workers is given up."""
    from procrastinate.jobs import Status

    from tocsin.workflows.jobs import MAX_ATTEMPTS

    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_S))
    for job in stalled:
        if job.attempts + 1 < MAX_ATTEMPTS:
            log.warning("job %s (%s) was left by a dead worker: it starts again", job.id, job.task_name)
            await app.job_manager.retry_job(job)
        else:
            log.error("job %s (%s) was left by %s dead workers: given up", job.id, job.task_name, MAX_ATTEMPTS)
            await _aside(partial(_give_up, job.task_kwargs))
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
    return len(stalled)


def _give_up(arguments: dict[str, Any]) -> None:
    from django.utils import timezone

    from tocsin.workflows.respond import give_up

    give_up(arguments["incident"], arguments["ordinal"], "the worker died each time", timezone.now())


def _tidy() -> None:
    """Removes sessions that have ended."""
    from django.core.management import call_command

    call_command("clearsessions")


async def _forget_failed(app: App) -> None:
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)
    await _aside(_tidy)


async def _every(seconds: float, do: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await do()
        except Exception:  # the outermost loop: one bad round must not end the next ones; the log has it
            log.exception("a periodic task failed; it runs again in %g s", seconds)
        await asyncio.sleep(seconds)
