"""How soon people and programs are told of what a signal began: `python -m benchmarks.notify [--signals 200]`.

A server with its own database, and vendors that answer at once on this machine, with its processors. From the first byte of a
signal's POST to the request that a vendor gets: the one of a webhook channel, which hears of every event, and the one that calls
the person whom an escalation policy names.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.notifications.vendor import Vendor, http_vendor
from tests.stories.running import Tocsin, tocsin

from tocsin.server.postgres import running_url

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


def on_call(vendor: Vendor) -> None:
    """Somebody whom the policy for everything calls, through a vendor here."""
    from tests.oncall.escalating import make_policy, make_reachable, step

    from tocsin.notifications.models import Channel

    make_reachable("alice")
    Channel.objects.filter(name="push").update(settings={"url": vendor.url, "topic": ""})
    make_policy(step("person alice"))


def send(server: Tocsin, signals: int) -> dict[str, float]:
    """When each signal was sent, by its title; from several places, so that they don't look like one storm."""
    paths = [server.source("generic", f"place-{number}/production") for number in range(PLACES)]
    sent = {}
    for number in range(signals):
        title = f"probe-{number:05}"
        sent[title] = time.time()
        body = {"title": title, "labels": {"service": f"service-{number}"}}
        assert server.post(paths[number % PLACES], body) == 202
        time.sleep(APART_S)
    time.sleep(SETTLE_S)
    return sent


def news(vendor: Vendor) -> Iterator[tuple[str, float]]:
    """Of what began the webhook's vendor heard, and when."""
    for at, (_, _, body) in zip(list(vendor.times), list(vendor.heard), strict=False):
        event = json.loads(body)
        if event["type"].endswith(".new"):
            yield event["data"]["incident"]["title"], at


def pages(vendor: Vendor) -> Iterator[tuple[str, float]]:
    """Of what the person was called, and when."""
    for at, (_, _, body) in zip(list(vendor.times), list(vendor.heard), strict=False):
        yield json.loads(body)["title"], at


def took(sent: dict[str, float], heard: Iterator[tuple[str, float]]) -> dict[str, Any]:
    """Milliseconds from each signal to the first time that its title was heard."""
    first: dict[str, float] = {}
    for said, at in heard:
        first.setdefault(next(title for title in sent if title in said), at)
    found = [(at - sent[title]) * 1000 for title, at in first.items()]
    shares = {"p50 ms": 0.5, "p95 ms": 0.95, "max ms": 1}
    return {"heard": len(found)} | {name: round(quantile(found, share)) for name, share in shares.items()}


def run(folder: Path, signals: int) -> dict[str, Any]:
    """The figures."""
    with tocsin(folder) as server, http_vendor() as hook, http_vendor() as push:
        enter(server)
        on_call(push)
        channel("webhook", hook)
        sent = send(server, signals)
        load = [round(each, 1) for each in os.getloadavg()]
        return {
            "signals": signals,
            "load": load,
            "webhook": took(sent, news(hook)),
            "first page": took(sent, pages(push)),
        }


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-notify-", ignore_cleanup_errors=True) as folder:
        print(json.dumps(run(Path(folder), given.signals), indent=2))


if __name__ == "__main__":
    main()
