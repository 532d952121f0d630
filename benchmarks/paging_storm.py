"""A storm of incidents through the door, and what reaches people: `python -m benchmarks.paging_storm [--incidents 10000]`.

Two replicas on one database, and vendors that answer at once on this machine, with its processors. Alerts of as many services
come in by the webhook, a hundred a body; each opens an incident, for which an escalation policy calls one person, by text message
at once and by voice five minutes later; a room (ntfy) and a program (webhook) hear of it too. When all is told, clocks are put
forward by five minutes at a time, for somewhat more than an hour, with a hundred new incidents each time. Prints what was sent in
which way, the most within the windows of the limits, and what became of every message that was not sent.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.notifications.vendor import Vendor, http_vendor
from tests.stories.replicas import Replicas, replicas
from tests.stories.running import until

from benchmarks.notify import channel, enter

PER_BODY = 100
CONNECTIONS = 4
APART = timedelta(minutes=5)
ROUNDS = 14
PATIENCE_S = 3600
WINDOWS = {"15 min": timedelta(minutes=15), "1 h": timedelta(hours=1)}
UNHEARD = """
SELECT (SELECT count(*) FROM notifications_event)
    + (SELECT count(*) FROM ground_timer WHERE kind = 'escalation' AND due_at <= clock_timestamp())
    + (SELECT count(*) FROM notifications_message m JOIN notifications_channel c ON c.id = m.channel_id
        WHERE c.kind <> 'webhook' AND (m.state = 'claimed' OR (m.state = 'waiting' AND m.next_try_at <= clock_timestamp())))
"""


def bodies(first: int, count: int) -> Iterator[bytes]:
    """Alertmanager's bodies about `count` services, counted from `first`."""
    for begin in range(first, first + count, PER_BODY):
        alerts = [_alert(number) for number in range(begin, begin + PER_BODY)]
        yield json.dumps({"version": "4", "groupKey": "{}", "status": "firing", "receiver": "tocsin", "alerts": alerts,
                          "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "truncatedAlerts": 0,
                          "externalURL": "http://am.example"}).encode()  # fmt: skip


def _alert(number: int) -> dict[str, Any]:
    labels = {
        "alertname": f"Outage{number}",
        "severity": "critical",
        "namespace": f"team-{number}",
        "deployment": f"app-{number}",
    }
    return {
        "status": "firing",
        "labels": labels,
        "annotations": {"summary": f"app-{number} is down"},
        "startsAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example:9090/graph",
        "fingerprint": f"{number:016x}",
    }


def send(running: Replicas, path: str, first: int, count: int) -> None:
    """Sends them to both web processes in turn; what is put off is sent again, as Alertmanager does."""

    def post(numbered: tuple[int, bytes]) -> None:
        number, body = numbered
        server = (running.first, running.second)[number % 2]
        until(lambda: server.post(path, body) == 202, "a body to be taken", PATIENCE_S)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(post, enumerate(bodies(first, count))))


def prepare(vendors: dict[str, Vendor]) -> None:
    """The channels, and somebody who is texted at once and called five minutes later."""
    from django.utils import timezone
    from tests.factories import make_user
    from tests.oncall.escalating import make_policy, step

    from tocsin.notifications.models import ContactMethod, ContactRule

    channels = {kind: channel(kind, vendor) for kind, vendor in vendors.items()}
    person = make_user("ayse")
    for kind, minutes in (("sms", 0), ("voice", 5)):
        method = ContactMethod.objects.create(
            user=person,
            channel=channels[kind],
            address="+491701234567",
            confirmed_at=timezone.now(),
            created_at=timezone.now(),
        )
        ContactRule.objects.create(method=method, delay_minutes=minutes)
    make_policy(step("person ayse", 60))


def settle(running: Replicas) -> None:
    """Waits until nothing is to be told, called or sent to people now; a program that hears of every event may lag behind."""
    until(lambda: running.first.rows(UNHEARD) == [(0,)], "all that is due to be done", PATIENCE_S)


def most(sent: list[datetime], window: timedelta) -> int:
    """The most within any such window."""
    return max((sum(begin <= at < begin + window for at in sent) for begin in sent), default=0)


def outcome(running: Replicas) -> dict[str, Any]:
    """What was sent, and what became of the rest, by channel."""
    rows = running.first.rows
    sent: dict[str, list[datetime]] = {}
    taken = (
        "SELECT c.kind, a.at FROM notifications_attempt a JOIN notifications_message m ON m.id = a.message_id "
        "JOIN notifications_channel c ON c.id = m.channel_id WHERE a.is_taken ORDER BY a.at"
    )
    for kind, at in rows(taken):
        sent.setdefault(kind, []).append(at)
    fates = (
        "SELECT c.kind || ': ' || m.state || CASE WHEN m.note LIKE 'bundled into%%' THEN ', bundled' WHEN m.is_held AND "
        "m.state = 'waiting' THEN ', held back' WHEN m.state = 'waiting' THEN ', to be sent' ELSE '' END, count(*) "
        "FROM notifications_message m JOIN notifications_channel c ON c.id = m.channel_id GROUP BY 1 ORDER BY 1"
    )
    silent = (
        "SELECT count(*) FROM notifications_message WHERE state IN ('failed', 'given up', 'suppressed') AND note = ''"
    )
    lost = (
        "SELECT count(*) FROM notifications_message m WHERE m.note LIKE 'bundled into%%' AND NOT EXISTS (SELECT FROM "
        "notifications_message o WHERE o.id = substring(m.note FROM '[0-9]+')::bigint AND o.state IN ('sent', 'waiting'))"
    )
    uncalled = (
        "SELECT count(*) FROM incidents_incident i WHERE merged_into_id IS NULL AND NOT EXISTS "
        "(SELECT FROM notifications_message m WHERE m.incident_id = i.id AND m.kind = 'page')"
    )
    return {
        "incidents": rows("SELECT count(*) FROM incidents_incident WHERE merged_into_id IS NULL")[0][0],
        "requests": {kind: len(each) for kind, each in sent.items()},
        "most within": {name: {kind: most(sent.get(kind, []), window) for kind in ("sms", "voice")}
                        for name, window in WINDOWS.items()},
        "messages": dict(rows(fates)),
        "ended without a reason": rows(silent)[0][0],
        "bundled into what was lost": rows(lost)[0][0],
        "incidents without a call": rows(uncalled)[0][0],
    }  # fmt: skip


def run(folder: Path, incidents: int) -> dict[str, Any]:
    """All figures; times are seconds of this machine, from the first byte of the first body."""
    with (
        replicas(folder) as running,
        http_vendor() as room,
        http_vendor() as hook,
        http_vendor() as text,
        http_vendor() as voice,
    ):
        path = running.first.source("alertmanager", "storm/production")
        enter(running.first)
        prepare({"ntfy": room, "webhook": hook, "sms": text, "voice": voice})
        began = time.time()
        send(running, path, 0, incidents)
        accepted = time.time()
        settle(running)
        figures: dict[str, Any] = {
            "all accepted after s": round(accepted - began, 1),
            "all told and called after s": round(time.time() - began, 1),
            "the first text messages after s": [round(at - began, 1) for at in text.times],
        }
        for number in range(ROUNDS):
            running.pass_time(APART.total_seconds() / 60)
            send(running, path, incidents + number * PER_BODY, PER_BODY)
            settle(running)
        return figures | outcome(running)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-storm-", ignore_cleanup_errors=True) as folder:
        print(json.dumps(run(Path(folder), given.incidents), indent=2))


if __name__ == "__main__":
    main()
