"""Side by side: alerts pushed to an Alertmanager, which keeps them in memory, and to Tocsin, which commits them first.

    python -m benchmarks.side_by_side [--rounds N] [--scale N]

Starts Debian's prometheus-alertmanager and a Tocsin of its own on the loopback, and pushes the same bodies to both over
`/api/v2/alerts`, as a Prometheus does: in turns, the other one idle, from the same client over as many connections, each
with one request on its way. Tocsin's answer says that the signal, its alerts, incidents, timelines and jobs are committed.

new: alerts never seen before, of 200 workloads. repeated: the same bodies again and again. renewed: the same alerts, each
time until later, which is what a Prometheus sends every minute. Client, both servers and PostgreSQL share the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.stories.running import tocsin, until

from benchmarks import load
from benchmarks.ingest import alert

KINDS = ("new", "repeated", "renewed")
# Of bodies that come again there are so many different ones.
DISTINCT = 50
CONFIGURATION = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table: what is sent, and over how many connections."""

    per_body: int
    kind: str
    connections: int
    requests: int


def settings(scale: float) -> list[Setting]:
    """All lines; `scale` 1 is a few seconds each."""
    usual = [(1, 64, 8000), (1, 256, 8000), (100, 16, 400)]
    return [Setting(size, kind, many, int(n * scale)) for size, many, n in usual for kind in KINDS]


def body(numbers: range, run: str, until_: datetime) -> bytes:
    """What a Prometheus pushes about these alerts."""
    names = ("labels", "annotations", "startsAt", "generatorURL")
    alerts = [{name: alert(number, run)[name] for name in names} for number in numbers]
    return json.dumps([one | {"endsAt": until_.isoformat()} for one in alerts]).encode()


def bodies(setting: Setting, run: str) -> tuple[list[bytes], list[bytes]]:
    """What is sent beforehand, and what is measured."""
    later = datetime.now(UTC) + timedelta(days=1)
    size, count = setting.per_body, setting.requests

    def nth(number: int, step: int = 0) -> bytes:
        return body(range(number * size, (number + 1) * size), run, later + timedelta(seconds=step))

    if setting.kind == "new":
        return [], [nth(number) for number in range(count)]
    first = [nth(number) for number in range(DISTINCT)]
    if setting.kind == "repeated":
        return first, [first[number % DISTINCT] for number in range(count)]
    return first, [nth(number % DISTINCT, 1 + number) for number in range(count)]


def measure(address: str, setting: Setting, before: list[bytes], measured: list[bytes]) -> load.Outcome:
    """Sends to one server. Raises SystemExit when it refuses anything: then there is nothing to compare."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 80

    def raw(some: list[bytes]) -> Iterator[bytes]:
        return iter([load.request(parts.netloc, parts.path, one) for one in some])

    if before:
        load.run(host, port, raw(before), 1)
    outcome = load.run(host, port, raw(measured), setting.connections)
    if outcome.statuses.keys() != {200}:
        raise SystemExit(f"{parts.netloc} answered {outcome.statuses}")
    return outcome


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def alertmanager(folder: Path) -> Iterator[str]:
    """A running Alertmanager that tells nobody; the address of its API."""
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        raise SystemExit("There is no Alertmanager here: install Debian's prometheus-alertmanager.")
    address = f"127.0.0.1:{_free_port()}"
    (folder / "alertmanager.yml").write_text(CONFIGURATION)
    arguments = [
        *(program, f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}"),
        *(f"--web.listen-address={address}", "--cluster.listen-address="),
    ]
    with (folder / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen(arguments, stdout=log, stderr=log)
    try:
        until(lambda: _answers(f"http://{address}/-/ready"), "Alertmanager to be ready")
        yield f"http://{address}/api/v2/alerts"
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def both(folder: Path) -> Iterator[dict[str, str]]:
    """Both servers, running: where to push to, by name."""
    with alertmanager(folder) as theirs, tocsin(folder / "tocsin") as server:
        yield {"alertmanager": theirs, "tocsin": f"{server.address}{server.source('prometheus')}/api/v2/alerts"}


def _answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=2).status == 200)
    except OSError:
        return False


def row(setting: Setting, outcomes: dict[str, list[load.Outcome]]) -> dict[str, Any]:
    """One line: the medians over the rounds, and their extremes."""
    found: dict[str, Any] = {"alerts a body": setting.per_body, "alerts": setting.kind, "senders": setting.connections}
    rates = {name: [setting.requests / one.seconds for one in some] for name, some in outcomes.items()}
    for name, some in outcomes.items():
        found[f"{name} requests/s"] = round(statistics.median(rates[name]))
        found[f"{name} from-to"] = f"{min(rates[name]):.0f}-{max(rates[name]):.0f}"
        found[f"{name} alerts/s"] = round(statistics.median(rates[name]) * setting.per_body)
        for label, share in (("p50", 0.5), ("p99", 0.99)):
            found[f"{name} {label} ms"] = round(statistics.median(one.quantile(share) for one in some), 1)
    ours, theirs = (statistics.median(rates[name]) for name in ("tocsin", "alertmanager"))
    found["ratio"] = round(ours / theirs, 2)
    found["client's share of a core"] = round(
        statistics.median(one.client_seconds / one.seconds for one in outcomes["tocsin"]), 2
    )
    return found


def compare(addresses: dict[str, str], setting: Setting, rounds: int) -> dict[str, Any]:
    """One line of the table: the servers in turns, the first of a round second in the next."""
    outcomes: dict[str, list[load.Outcome]] = {name: [] for name in addresses}
    for number in range(rounds):
        before, measured = bodies(setting, f"{time.time_ns():x}")
        for name in sorted(addresses, reverse=number % 2 == 1):
            outcomes[name].append(measure(addresses[name], setting, before, measured))
    return row(setting, outcomes)


def main() -> None:
    """Prints a line for each setting as it is done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="how many requests, 1 for 8,000 of 1 and 400 of 100")
    parser.add_argument("--output", choices=["text", "json"], default="text")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {_load()} before", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="tocsin-side-") as name, both(Path(name)) as addresses:
        for setting in settings(options.scale):
            found = compare(addresses, setting, options.rounds)
            print(json.dumps(found) if options.output == "json" else _text(found), flush=True)
    print(f"load {_load()} after", file=sys.stderr)


def _load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def _text(found: dict[str, Any]) -> str:
    return "  ".join(f"{name} {value}" for name, value in found.items())


if __name__ == "__main__":
    main()
