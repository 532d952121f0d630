"""Escalation under fire: what runs at once, two workers of which one is killed again and again, pages missing or doubled.

Runs against a database of its own, made in a temporary folder: `python -m benchmarks.escalation [RUNS] [KILLS]`.
Two processes carry out timers and hand messages to a vendor (a local HTTP server), as workers do. Prints how many steps every run
made against what its policy asks for, messages missing and doubled at the vendor, signal → first page, and the cost of a sweep
among 100,000 pending timers.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

STEPS = 3
# Long enough for a new worker to begin, short enough to hit it at work.
BETWEEN_KILLS_S = (1.5, 3.5)


def setup() -> None:
    """Django, in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.server.settings")
    import django

    django.setup()


@contextmanager
def database() -> Iterator[None]:
    """A server of PostgreSQL with nothing in it, for this process and those that it starts."""
    from tocsin.server.postgres import start_postgres

    with tempfile.TemporaryDirectory(prefix="tocsin-escalation-", ignore_cleanup_errors=True) as folder:
        os.environ["TOCSIN_DATA_DIR"] = folder
        running = start_postgres(Path(folder))
        os.environ["TOCSIN_DATABASE_URL"] = running.url
        try:
            setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield
        finally:
            running.stop()


def work() -> None:
    """A worker's own loop: events, timers, messages, until it is killed."""
    setup()
    asyncio.run(_work())


async def _work() -> None:
    from tocsin.ground.aside import aside
    from tocsin.workflows.delivering import Courier

    courier = Courier(aside)

    async def renew() -> None:
        while True:
            await courier.renew()
            await asyncio.sleep(1)

    renewing = asyncio.create_task(renew())
    while not renewing.done():
        await courier.look()
        await asyncio.sleep(0.05)


def begin(count: int) -> None:
    """So many incidents, each with a run; nobody ever answers."""
    from django.utils import timezone
    from tests.oncall.escalating import opened

    for _ in range(count):
        opened(at=timezone.now())


def hasten() -> int:
    """Makes every wait of a run end now, as if its minutes had passed; how many runs still have steps before them."""
    from django.utils import timezone

    from tocsin.ground.models import Timer
    from tocsin.oncall.escalations import Escalation

    now = timezone.now()
    pending = Escalation.objects.filter(place__lt=STEPS)
    pending.filter(next_at__gt=now).update(next_at=now)
    Timer.objects.filter(kind="escalation", due_at__gt=now).update(due_at=now)
    return pending.count()


def kill_again_and_again(count: int, kills: int) -> int:
    """Two workers, one of which is killed and replaced at random times, until all is sent and the kills are done; how many."""
    from tocsin.notifications.models import Message

    spawn = multiprocessing.get_context("spawn")
    workers: list[BaseProcess] = [_started(spawn) for _ in range(2)]
    killed, quiet, until = 0, 0, time.monotonic() + 1800
    while time.monotonic() < until and (killed < kills or quiet < 3):
        time.sleep(random.uniform(*BETWEEN_KILLS_S))
        open_runs = hasten()
        waiting = Message.objects.filter(state__in=["waiting", "claimed"]).count()
        sent = Message.objects.filter(state="sent").count()
        quiet = quiet + 1 if not open_runs and not waiting and sent >= count else 0
        if killed < kills:
            place = random.randrange(2)
            os.kill(workers[place].pid or 0, signal.SIGKILL)
            workers[place].join()
            workers[place] = _started(spawn)
            killed += 1
    for worker in workers:
        worker.kill()
    return killed


def _started(spawn: multiprocessing.context.SpawnContext) -> BaseProcess:
    worker = spawn.Process(target=work, daemon=True)
    worker.start()
    return worker


def judge(count: int, heard: list[str]) -> None:
    """What was to be sent against what is in the outbox and what the vendor heard."""
    from tocsin.notifications.models import Message
    from tocsin.oncall.escalations import Escalation, EscalationCall

    runs, calls = Escalation.objects.count(), EscalationCall.objects.count()
    rows = Counter(Message.objects.filter(kind="page").values_list("state", flat=True))
    doubled = sum(times - 1 for times in Counter(heard).values())
    repeats = Message.objects.filter(kind="page", is_repeat=True).count()
    wanted = count * STEPS
    print(f"runs {runs} of {count}; calls {calls} of {wanted}; messages {dict(rows)}")
    print(f"missing at the vendor: {wanted - len(set(heard))}; doubled inside: {calls - wanted}")
    print(f"heard twice by the vendor: {doubled}, all marked as repeats: {doubled <= repeats} ({repeats} marked)")


def latency(rounds: int) -> None:
    """From the commit of an incident to the moment at which the vendor has its first page."""
    from django.utils import timezone
    from tests.oncall.escalating import opened

    from tocsin.notifications.models import Message

    worker = _started(multiprocessing.get_context("spawn"))
    time.sleep(6)
    took = []
    for _ in range(rounds):
        began = timezone.now()
        incident = opened(at=began)
        while not (row := Message.objects.filter(incident=incident, kind="page", state="sent").first()):
            time.sleep(0.005)
        assert row.ended_at is not None
        took.append((row.ended_at - began).total_seconds() * 1000)
    worker.kill()
    print(
        f"signal → first page taken: p50 {statistics.median(took):.0f} ms, p95 {sorted(took)[int(rounds * 0.95)]:.0f} ms"
    )


def sweeping(pending: int) -> None:
    """What a look for due timers costs among so many that are not."""
    from django.utils import timezone

    from tocsin.ground.models import Timer
    from tocsin.workflows import timers

    now = timezone.now()
    later = (
        Timer(kind="escalation", key=f"later-{n}", due_at=now + timedelta(hours=1, seconds=n)) for n in range(pending)
    )
    Timer.objects.bulk_create(later, batch_size=5000)
    took = []
    for _ in range(200):
        began = time.perf_counter()
        timers.sweep(now)
        took.append((time.perf_counter() - began) * 1000)
    print(
        f"an empty sweep among {pending:,} timers: p50 {statistics.median(took):.2f} ms, p95 {sorted(took)[190]:.2f} ms"
    )
    Timer.objects.filter(key__startswith="later-").delete()


def main(runs: int, kills: int) -> None:
    """All of it, printed."""
    from tests.notifications.vendor import http_vendor
    from tests.oncall.escalating import make_policy, make_reachable, step

    from tocsin.notifications.models import Channel

    for name in ("alice", "bob", "carol"):
        make_reachable(name)
    make_policy(*(step(f"person {name}", 1) for name in ("alice", "bob", "carol")))
    with http_vendor() as vendor:
        Channel.objects.update(settings={"url": vendor.url, "topic": ""})
        latency(100)
        sweeping(100_000)
        from tocsin.incidents.models import Incident

        Incident.objects.all().delete()
        vendor.heard.clear()
        begin(runs)
        began = time.monotonic()
        killed = kill_again_and_again(runs, kills)
        print(f"{killed} kills of either of two workers, {runs} runs, {time.monotonic() - began:.0f} s")
        judge(runs, [f"{body['topic']} {body['click']}" for body in vendor.bodies()])


if __name__ == "__main__":
    with database():
        main(*(int(argument) for argument in [*sys.argv[1:], "1000", "100"][:2]))
