"""A storm through the real webhook: 50,000 reports of 300 alerts from three failures within a minute.

    python -m benchmarks.storm [--reports 50000] [--seconds 60] [--output json]

One failure is a node that stops, one a database that 49 services need, one a release of which every workload tells the commit.
What they break complains before and after they do, and each alert is reported again and again, every fourth time after it had
resolved. Meanwhile somebody reads the list and an incident's page. The client shares the machine with the server.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import re
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

from tests.stories.running import Tocsin, tocsin, until

from benchmarks import load

PER_BODY = 100
FINGERPRINTS = 100
CONNECTIONS = 8
PASSWORD = "a storm is coming"
SERVICES = [f"svc-{number}" for number in range(49)]


def node_down(number: int) -> dict[str, str]:
    """The node itself, and 99 pods on it."""
    if number == 0:
        return {"alertname": "KubeNodeNotReady", "severity": "critical", "node": "worker-7"}
    pod = f"web{number}-7d9f8c6b5-bcd{number % 7 + 2}f"
    return {"alertname": "KubePodNotReady", "severity": "warning", "namespace": "web", "pod": pod, "node": "worker-7"}


def database_down(number: int) -> dict[str, str]:
    """The database, two alerts; two of each of 49 services that need it."""
    if number < 2:
        return {
            "alertname": ("DatabaseDown", "DatabaseUnreachable")[number],
            "severity": "critical",
            "service": "orders-db",
        }
    name = ("HighErrorRate", "HighLatency")[number % 2]
    return {"alertname": name, "severity": "high", "service": SERVICES[(number - 2) // 2]}


def bad_release(number: int) -> dict[str, str]:
    """A hundred workloads of one release."""
    return {
        "alertname": "KubePodCrashLooping",
        "severity": "high",
        "namespace": "edge",
        "deployment": f"edge-{number}",
        "commit": "4be1f60",
    }


FAILURES = (node_down, database_down, bad_release)


def reports(count: int) -> Iterator[dict[str, Any]]:
    """Every alert once in any order, then repeats; each fourth of an alert says that it resolved, and the next that it fires."""
    random = Random(7)
    alerts = [failure(number) for failure in FAILURES for number in range(FINGERPRINTS)]
    random.shuffle(alerts)
    for turn in range(count // len(alerts) + 1):
        for number, labels in enumerate(alerts):
            if turn * len(alerts) + number >= count:
                return
            yield _report(number, labels, "resolved" if turn % 4 == 3 else "firing")


def _report(number: int, labels: dict[str, str], status: str) -> dict[str, Any]:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    ends = now if status == "resolved" else "0001-01-01T00:00:00Z"
    return {
        "status": status,
        "labels": labels,
        "annotations": {"summary": f"{labels['alertname']} of the storm"},
        "startsAt": now,
        "endsAt": ends,
        "generatorURL": "http://prometheus.example:9090/graph",
        "fingerprint": f"{number:016x}",
    }


def bodies(count: int) -> Iterator[bytes]:
    """The same as bodies of Alertmanager with a hundred alerts."""
    batch: list[dict[str, Any]] = []
    head = {"version": "4", "groupKey": "{}", "status": "firing", "receiver": "tocsin", "groupLabels": {}}
    common = {"commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am.example", "truncatedAlerts": 0}
    for one in reports(count):
        batch.append(one)
        if len(batch) == PER_BODY:
            yield json.dumps(head | common | {"alerts": batch}).encode()
            batch = []


def send(url: str, reports: int, seconds: float) -> load.Outcome:
    """Sends them in bodies made as they are due, spread over a time, on as many connections as are needed to be in time."""
    outcome, began, raw = load.Outcome(), time.perf_counter(), bodies(reports)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for number in range(reports // PER_BODY):
            time.sleep(max(0.0, began + seconds * number * PER_BODY / reports - time.perf_counter()))
            pool.submit(_post, url, next(raw), outcome)
    outcome.seconds = time.perf_counter() - began
    return outcome


def _post(url: str, body: bytes, outcome: load.Outcome) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    began = time.perf_counter()
    try:
        status = urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as error:
        status = error.code
    outcome.latencies.append(time.perf_counter() - began)
    outcome.statuses[status] = outcome.statuses.get(status, 0) + 1


def catalogue(server: Tocsin) -> None:
    """The services of the second failure."""
    parts = [_component("orders-db", []), *(_component(name, ["component:orders-db"]) for name in SERVICES)]
    server.command("catalog", "import", "-", stdin="\n---\n".join(json.dumps(part) for part in parts))


def _component(name: str, needs: list[str]) -> dict[str, Any]:
    spec = {"type": "service", "lifecycle": "production", "owner": "team", "dependsOn": needs}
    return {"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": name}, "spec": spec}


class Reader(threading.Thread):
    """Somebody who reads the list and the newest incident's page all the time; notes how long each takes."""

    def __init__(self, server: Tocsin) -> None:
        super().__init__(daemon=True)
        self.server, self.going = server, True
        self.times: dict[str, list[float]] = {"list": [], "incident": [], "alerts": []}
        secret = server.folder / "password"
        secret.write_text(PASSWORD)
        server.command("user", "add", "reader", "--password-file", str(secret))
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self._log_in()

    def _log_in(self) -> None:
        page = self.browser.open(f"{self.server.address}/login").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        form = {"username": "reader", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        self.browser.open(f"{self.server.address}/login", urllib.parse.urlencode(form).encode()).read()

    def run(self) -> None:
        """Reads until `going` is false."""
        while self.going:
            page = self._read("list", "/")
            self._read("alerts", "/alerts")
            if found := re.search(r'href="(/incidents/\d+)"', page):
                self._read("incident", found[1])
            time.sleep(0.3)

    def _read(self, kind: str, path: str) -> str:
        began = time.perf_counter()
        text: str = self.browser.open(self.server.address + path).read().decode()
        self.times[kind].append(time.perf_counter() - began)
        return text


def memory(server: Tocsin) -> dict[str, int]:
    """In MB: the most that the web process has used, and the proportional set size of all processes together."""
    web = next(pid for pid in server.processes() if "web" in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))
    peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{web}/status").read_text())
    rollups = [Path(f"/proc/{pid}/smaps_rollup") for pid in _family(server.process.pid)]
    shares = (re.search(r"^Pss:\s+(\d+)", rollup.read_text(), re.MULTILINE) for rollup in rollups if rollup.exists())
    together = sum(int(share[1]) for share in shares if share)
    return {"web at most": int(peak[1]) // 1024 if peak else 0, "all together": together // 1024}


def _family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _counted(server: Tocsin) -> int:
    return int(server.rows("SELECT coalesce(sum(reports), 0) FROM alerts_alert")[0][0])


def outcome(server: Tocsin, sent: load.Outcome, reader: Reader) -> dict[str, Any]:
    """What became of it all."""

    def count(query: str) -> int:
        return int(server.rows(query)[0][0])

    pages = {kind: round(sorted(times)[int(len(times) * 0.95)] * 1000) for kind, times in reader.times.items() if times}
    return {
        "statuses": sent.statuses,
        "seconds": round(sent.seconds, 1),
        "p50 ms": round(sent.quantile(0.5), 1),
        "p99 ms": round(sent.quantile(0.99), 1),
        "reports kept": _counted(server),
        "alerts": count("SELECT count(*) FROM alerts_alert"),
        "firings": count("SELECT count(*) FROM alerts_occurrence"),
        "incidents open": count("SELECT count(*) FROM incidents_incident WHERE resolved_at IS NULL"),
        "folded into them": count("SELECT count(*) FROM incidents_incident WHERE merged_into_id IS NOT NULL"),
        "titles": [
            row[0] for row in server.rows("SELECT title FROM incidents_incident WHERE resolved_at IS NULL ORDER BY id")
        ],
        "timeline lines": count("SELECT count(*) FROM incidents_timelineentry"),
        "pages p95 ms": pages,
        "memory MB": memory(server),
    }


def main() -> None:
    """Prints what became of the storm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--output", choices=["text", "json"], default="text")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-storm-") as folder, tocsin(Path(folder)) as server:
        path = server.source("alertmanager")
        catalogue(server)
        reader = Reader(server)
        reader.start()
        sent = send(server.address + path, options.reports, options.seconds)
        until(lambda: _counted(server) >= options.reports or None, "repeats to be counted")
        reader.going = False
        reader.join()
        result = outcome(server, sent, reader)
    if options.output == "json":
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:18} {value}")


if __name__ == "__main__":
    main()
