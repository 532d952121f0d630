"""The worker process: procrastinate's worker, and beside it the sweeper of timers and the rescue of stalled jobs."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from tocsin.ground.aside import aside
from tocsin.server.config import Config
from tocsin.server.heart import Heart

if TYPE_CHECKING:
    from procrastinate import App

log = logging.getLogger(__name__)

SWEEP_EVERY_S = 1.0
# A worker says every second that it lives; one that has not for five seconds is dead, and its jobs start again elsewhere.
HEARTBEAT_EVERY_S = 1.0
DEAD_AFTER_S = 5.0
RESCUE_EVERY_S = 2.0
TIDY_EVERY_S = 3600.0
CALENDARS_EVERY_S = 30.0
AUDIT_EVERY_S = 30.0
SHIFTS_EVERY_S, SWAPS_EVERY_S, GAPS_EVERY_S = 60.0, 5.0, 3600.0
KEEP_FAILED_HOURS = 7 * 24
# Beside the jobs themselves: sweeping, rescuing, tidying, delivering; slow mail servers have threads of their own.
OTHER_THREADS = 12
# Asked for by notification; the poll is for what came while the connection was away.
POLL_EVERY_S = 5.0
SHUTDOWN_S = 20.0
# Between two tries to work off jobs while the database is away.
AWAY_S = 1.0


def run_worker(config: Config) -> None:
    """Runs jobs until SIGTERM or SIGINT, then lets the running ones finish for a while. Returns when done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.server.settings")
    import django

    django.setup()
    asyncio.run(_run(config))


async def _run(config: Config) -> None:
    from django.db import Error
    from procrastinate.contrib.django import app

    from tocsin.workflows.signs import WORK

    heart = Heart("worker", tuple(WORK))
    threads = ThreadPoolExecutor(config.worker_concurrency + OTHER_THREADS)
    asyncio.get_running_loop().set_default_executor(threads)  # jobs and timers must not wait for each other's threads
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's has one
    async with worker_app.open_async():
        tasks = [asyncio.create_task(each) for each in _beside(worker_app, heart)]
        try:
            await _work(worker_app, config.worker_concurrency)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(Error):  # its silence will say it
                await aside(heart.stop)


async def _work(app: App, concurrency: int) -> None:
    """Runs jobs until it is told to stop; what else a worker does goes on while the database is away."""
    from procrastinate.exceptions import ConnectorException

    from tocsin.ground.database import is_away

    while True:
        try:
            await app.run_worker_async(
                concurrency=concurrency,
                fetch_job_polling_interval=POLL_EVERY_S,
                update_heartbeat_interval=HEARTBEAT_EVERY_S,
                stalled_worker_timeout=DEAD_AFTER_S,
                shutdown_graceful_timeout=SHUTDOWN_S,
                delete_jobs="successful",
            )
        except ConnectorException as error:
            if not is_away(error):
                raise
            log.exception("jobs are not worked off while the database is away")
            await asyncio.sleep(AWAY_S)
        else:
            return


def _beside(app: App, heart: Heart) -> list[Coroutine[Any, Any, None]]:
    """What goes on beside the jobs; whatever is named says to `heart` how it goes."""
    from tocsin.ground.database import conninfo, now
    from tocsin.oncall import carriers
    from tocsin.workflows import auditing, handing_over, timers
    from tocsin.workflows.delivering import RENEW_EVERY_S, Courier
    from tocsin.workflows.mailing import LOOK_EVERY_S as MAIL_EVERY_S
    from tocsin.workflows.mailing import Postman
    from tocsin.workflows.waking import listen

    def at_now(do: Callable[[datetime], object]) -> Callable[[], Awaitable[object]]:
        return lambda: aside(lambda: do(now()))

    courier = Courier(aside, now, partial(heart.ended, "delivery"))
    regular = (
        ("timers", SWEEP_EVERY_S, at_now(timers.sweep)),
        ("mail", MAIL_EVERY_S, Postman(aside, now).look),
        ("jobs", RESCUE_EVERY_S, lambda: rescue(app)),
        ("calendars", CALENDARS_EVERY_S, at_now(carriers.refresh_due)),
        ("auditor", AUDIT_EVERY_S, at_now(auditing.audit)),
        ("shifts", SHIFTS_EVERY_S, at_now(handing_over.tell_of_shifts)),
        ("swaps", SWAPS_EVERY_S, at_now(handing_over.tell_of_swaps)),
        ("gaps", GAPS_EVERY_S, at_now(handing_over.tell_of_gaps)),
    )
    return [
        heart.run(aside),
        courier.run(),
        listen(conninfo(), courier.wake),
        _every(RENEW_EVERY_S, courier.renew),
        _every(TIDY_EVERY_S, lambda: _forget_failed(app)),
        *(_every(seconds, do, partial(heart.ended, part)) for part, seconds, do in regular),
    ]


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
            await aside(partial(_give_up, job.task_kwargs))
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
    await aside(_tidy)


async def _every(
    seconds: float, do: Callable[[], Awaitable[object]], ended: Callable[[Exception | None], None] = lambda error: None
) -> None:
    """Does it again and again; `ended` is told how each round went."""
    while True:
        try:
            await do()
        except Exception as error:  # the outermost loop: one bad round must not end the next ones; the log has it
            log.exception("a periodic task failed; it runs again in %g s", seconds)
            ended(error)
        else:
            ended(None)
        await asyncio.sleep(seconds)
