"""What timers cost and how late they are on a running server: `python -m benchmarks.timers [--pending 100000] [--due 1000]`.

A server with its own database, in which so many timers lie that are not due. Of as many incidents as --due the second step falls
due, evenly over a minute; its person is reached through a vendor on this machine. Lateness is from the moment at which a timer is
due to the one at which the vendor has the request. A look that finds nothing is timed beside it, on a connection of its own.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.notifications.vendor import Vendor, http_vendor
from tests.stories.running import Tocsin, tocsin, until

from benchmarks.notify import enter, quantile

SOON_S, OVER_S, LOOKS = 15, 60, 200


def begin(server: Tocsin, vendor: Vendor, count: int) -> list[int]:
    """Incidents whose first step is done: alice was called, bob is next."""
    from django.utils import timezone
    from tests.oncall.escalating import make_policy, make_reachable, opened, step

    from tocsin.notifications.models import Channel

    make_reachable("alice")
    make_reachable("bob")
    Channel.objects.update(settings={"url": vendor.url, "topic": ""})
    make_policy(step("person alice", 60), step("person bob", 60))
    numbers = [opened(at=timezone.now(), title=f"case {number}").pk for number in range(count)]
    until(lambda: len(vendor.heard) >= count, "the first calls", 600)
    return numbers


def lay_in(pending: int) -> None:
    """Timers of which none is due within the hour."""
    from django.utils import timezone

    from tocsin.ground.models import Timer

    now = timezone.now()
    later = (
        Timer(kind="escalation", key=f"later-{number}", due_at=now + timedelta(hours=1, seconds=number))
        for number in range(pending)
    )
    Timer.objects.bulk_create(later, batch_size=5000)


def spread(numbers: list[int]) -> dict[str, float]:
    """Makes the second steps fall due, one after the other; when each is, by the title of its incident."""
    from django.utils import timezone

    from tocsin.ground.models import Timer
    from tocsin.oncall.escalations import Escalation

    begins, apart = timezone.now() + timedelta(seconds=SOON_S), timedelta(seconds=OVER_S / len(numbers))
    at = {number: begins + place * apart for place, number in enumerate(numbers)}
    runs = list(Escalation.objects.filter(incident__in=numbers).select_related("incident"))
    timers = list(Timer.objects.filter(kind="escalation", key__in=map(str, numbers)))
    for run in runs:
        run.next_at = at[run.incident.pk]
    for timer in timers:
        timer.due_at = at[int(timer.key)]
    Escalation.objects.bulk_update(runs, ["next_at"])
    Timer.objects.bulk_update(timers, ["due_at"])
    return {run.incident.name: run.next_at.timestamp() for run in runs}


def looks() -> list[float]:
    """Milliseconds of looks for what was due an hour ago, of which there is nothing: the same work in the same index."""
    from django.utils import timezone

    from tocsin.workflows import timers

    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        assert timers.sweep(timezone.now() - timedelta(hours=1)) == 0
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(OVER_S / LOOKS)
    return took


def late(vendor: Vendor, due: dict[str, float]) -> list[float]:
    """Milliseconds from when each call was due to its request."""
    found = []
    for at, (_, _, body) in zip(list(vendor.times), list(vendor.heard), strict=False):
        said = json.loads(body)
        name = next(word for word in said["title"].split() if word.startswith("INC-"))
        if said["topic"].startswith("topic-bob"):
            found.append((at - due[name]) * 1000)
    return found


def run(folder: Path, pending: int, count: int) -> dict[str, Any]:
    """The figures."""
    with tocsin(folder) as server, http_vendor() as vendor:
        enter(server)
        numbers = begin(server, vendor, count)
        lay_in(pending)
        due = spread(numbers)
        took = looks()
        until(lambda: len(late(vendor, due)) >= count, "the second calls", 600)
        found = late(vendor, due)
    return {
        "pending": pending,
        "an empty look, ms": {name: round(quantile(took, share), 2) for name, share in (("p50", 0.5), ("p95", 0.95))},
        "due": count,
        "called": len(found),
        "late, ms": {name: round(quantile(found, share)) for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1))},
    }


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pending", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-timers-", ignore_cleanup_errors=True) as folder:
        print(json.dumps(run(Path(folder), given.pending, given.due), indent=2))


if __name__ == "__main__":
    main()
