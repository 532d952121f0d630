"""Ingest: requests and alerts a second through the real webhook, everything committed.

    python -m benchmarks.ingest [URL] [--requests N] [--connections N]

URL is the webhook of an alertmanager source on a running server; without one a server of its own is started in a
temporary folder. Sends Alertmanager version 4 bodies with 1 alert and with 100, all new alerts and all repeated ones, of as
many workloads as a large installation has. The client shares the machine with the server: its own time is in the figure.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.stories.running import tocsin

from benchmarks import load

WORKLOADS = 200


def alert(number: int, run: str) -> dict[str, Any]:
    """A usual alert of kube-prometheus; `number` makes it another one, of one of WORKLOADS workloads."""
    workload = f"service-{number % WORKLOADS}"
    return {
        "status": "firing",
        "labels": {
            "alertname": "KubePodNotReady",
            "namespace": "bench",
            "deployment": workload,
            "pod": f"{workload}-7d9f8c6b5-{number:05d}",
            "severity": "warning",
            "prometheus": "monitoring/k8s",
            "run": run,
        },
        "annotations": {
            "summary": "Pod has been in a non-ready state for more than 15 minutes.",
            "description": f"Pod bench/{workload}-{number} has been in a non-ready state for longer than 15 minutes.",
            "runbook_url": "https://runbooks.example/kubepodnotready",
        },
        "startsAt": "2026-03-01T02:58:11.101Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example:9090/graph?g0.expr=kube_pod_status_ready",
        "fingerprint": f"{run}{number:010x}",
    }


def body(numbers: range, run: str) -> bytes:
    """One webhook body with these alerts."""
    alerts = [alert(number, run) for number in numbers]
    head = {"version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "status": "firing", "receiver": "tocsin"}
    common = {
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example:9093",
    }
    return json.dumps(head | common | {"alerts": alerts}).encode()


def measure(url: str, requests: int, per_body: int, connections: int, *, repeated: bool) -> dict[str, Any]:
    """One row of the result: requests/s, alerts/s, p50 and p99 in milliseconds."""
    parts = urlsplit(url)
    run = f"{time.time_ns():x}"
    distinct = 50 if repeated else requests
    raw = [
        load.request(parts.netloc, parts.path, body(range(i * per_body, (i + 1) * per_body), run))
        for i in range(distinct)
    ]
    if repeated:
        _send(parts.hostname or "", parts.port or 80, iter(raw), 1)
    outcome = _send(parts.hostname or "", parts.port or 80, (raw[i % distinct] for i in range(requests)), connections)
    return {
        "alerts a body": per_body,
        "alerts": "repeated" if repeated else "new",
        "requests": requests,
        "connections": connections,
        "requests/s": round(requests / outcome.seconds),
        "alerts/s": round(requests * per_body / outcome.seconds),
        "p50 ms": round(outcome.quantile(0.5), 1),
        "p99 ms": round(outcome.quantile(0.99), 1),
        "statuses": outcome.statuses,
    }


def _send(host: str, port: int, requests: Iterator[bytes], connections: int) -> load.Outcome:
    return load.run(host, port, requests, connections)


def main() -> None:
    """Prints a row for each combination."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", metavar="URL")
    parser.add_argument("--requests", type=int, default=6000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--output", choices=["text", "json"], default="text")
    options = parser.parse_args()
    if options.url:
        _all(options.url, options)
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-ingest-") as folder, tocsin(Path(folder)) as server:
        _all(server.address + server.source("alertmanager"), options)


def _all(url: str, options: argparse.Namespace) -> None:
    rows = []
    for per_body, requests in ((1, options.requests), (100, options.requests // 20)):
        for repeated in (False, True):
            connections = options.connections if per_body == 1 else min(16, options.connections)
            rows.append(measure(url, requests, per_body, connections, repeated=repeated))
            if options.output == "text":
                print("  ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    if options.output == "json":
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
