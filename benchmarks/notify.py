"""How soon a vendor is handed what a signal began, and how much gets out in a storm of incidents: `python -m benchmarks.notify`.

    python -m benchmarks.notify [--signals 200] [--incidents 10000] [--minutes 5]

A server with its own database, and vendors that answer at once on this machine, with its processors. First single signals: from
the first byte of its POST to the request that the vendor of a webhook channel gets. Then incidents that begin all at once: a room
(ntfy), a program (webhook), and one person who is called about every one of them, by text message and then by voice.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.notifications.vendor import Vendor, http_vendor
from tests.stories.running import Tocsin, tocsin

from tocsin.server.postgres import running_url

BATCH = 500
PLACES = 10
APART_S, SETTLE_S = 0.3, 5.0


def quantile(found: list[float], share: float) -> float:
    """Of a list; `share` is 0.5 for the median."""
    return sorted(found)[min(len(found) - 1, int(len(found) * share))]


def enter(server: Tocsin) -> None:
    """Lets this process use the server's database, with its key."""
    url = running_url(server.folder)
    assert url is not None
    os.environ |= {"TOCSIN_DATABASE_URL": url, "TOCSIN_DATA_DIR": str(server.folder)}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tocsin.server.settings"
    import django

    django.setup()


def channel(kind: str, vendor: Vendor) -> Any:
    """A channel to a vendor here."""
    from tests.notifications.made import make_channel

    return make_channel(kind, url=vendor.url, api_url=vendor.url)


def latencies(server: Tocsin, vendor: Vendor, signals: int) -> list[float]:
    """Milliseconds from each signal to the vendor; from several places, so that they don't look like one storm."""
    paths = [server.source("generic", f"place-{number}/production") for number in range(PLACES)]
    sent = {}
    for number in range(signals):
        title = f"probe-{number:05}"
        sent[title] = time.time()
        body = {"title": title, "labels": {"service": f"service-{number}"}}
        assert server.post(paths[number % PLACES], body) == 202
        time.sleep(APART_S)
    time.sleep(SETTLE_S)
    return [(at - sent[title]) * 1000 for title, at in _told(vendor).items()]


def _told(vendor: Vendor) -> dict[str, float]:
    """When the vendor first heard of the beginning of each incident, by title."""
    found: dict[str, float] = {}
    for at, (_, _, body) in zip(list(vendor.times), list(vendor.heard), strict=False):
        event = json.loads(body)
        if event["type"].endswith(".new"):
            found.setdefault(event["data"]["incident"]["title"].partition(":")[0], at)
    return found


def storm(vendors: dict[str, Vendor], incidents: int, minutes: float) -> dict[str, Any]:
    """Incidents that begin at once; what each vendor had got after some minutes, and what became of the rest."""
    from django.db import connection

    began = time.time()
    _begin(incidents)
    made = time.time()
    time.sleep(max(0.0, began + minutes * 60 - time.time()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.name, m.state, count(*), sum(jsonb_array_length(m.notice->'more')) FROM notifications_message m "
            "JOIN notifications_channel c ON c.id = m.channel_id WHERE m.incident_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        )
        rows = cursor.fetchall()
    heard = {name: sum(at > began for at in vendor.times) for name, vendor in vendors.items()}
    last = {name: round(vendor.times[-1] - began, 1) for name, vendor in vendors.items() if vendor.times}
    states = {f"{name}: {state}": count for name, state, count, _ in rows}
    bundled = {name: int(more) for name, state, _, more in rows if state == "sent" and more}
    return {"laid in after s": round(made - began, 1), "requests": heard, "last after s": last, "messages": states,
            "said within others": bundled}  # fmt: skip


def _begin(incidents: int) -> None:
    from django.db import transaction
    from django.utils import timezone
    from tests.factories import make_incident

    from tocsin.accounts.models import User
    from tocsin.incidents import changes
    from tocsin.notifications import contacts
    from tocsin.notifications.facts import facts_of
    from tocsin.notifications.notice import Kind

    person = User.objects.get(username="ayse")
    for first in range(0, incidents, BATCH):
        with transaction.atomic():
            rows = [make_incident(f"storm {n}", triggered_at=timezone.now()) for n in range(first, first + BATCH)]
            for row in rows:
                changes.record(row, "opened", "Opened.", actor="tocsin", now=timezone.now())
            for pk, facts in facts_of([row.pk for row in rows]).items():
                key, why = f"storm:{pk}", "you are on call"
                contacts.call(person, Kind.PAGE, facts, "Something is broken.", key=key, reason=why, now=timezone.now())


def _person(vendors: dict[str, Vendor]) -> None:
    """Somebody who is texted at once, and called five minutes later."""
    from django.utils import timezone
    from tests.factories import make_user

    from tocsin.notifications.models import ContactMethod, ContactRule

    person, now = make_user("ayse"), timezone.now()
    for kind, minutes in (("sms", 0), ("voice", 5)):
        way = {"channel": channel(kind, vendors[kind]), "address": "+491701234567"}
        method = ContactMethod.objects.create(user=person, confirmed_at=now, created_at=now, **way)
        ContactRule.objects.create(method=method, delay_minutes=minutes)


def run(folder: Path, signals: int, incidents: int, minutes: float) -> dict[str, Any]:
    """All figures."""
    with (
        tocsin(folder) as server,
        http_vendor() as hook,
        http_vendor() as room,
        http_vendor() as text,
        http_vendor() as voice,
    ):
        enter(server)
        vendors = {"webhook": hook, "ntfy": room, "sms": text, "voice": voice}
        channel("webhook", hook)
        found = latencies(server, hook, signals)
        figures: dict[str, Any] = {"signals": signals, "told": len(found), "p50 ms": round(quantile(found, 0.5), 1)}
        figures |= {"p95 ms": round(quantile(found, 0.95), 1), "max ms": round(max(found), 1)}
        if incidents:
            channel("ntfy", room)
            _person(vendors)
            figures |= storm(vendors, incidents, minutes)
        return figures


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=200)
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(Path(folder), given.signals, given.incidents, given.minutes), indent=2))


if __name__ == "__main__":
    main()
