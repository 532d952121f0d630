"""From an alert to a finished report on a cluster of 5,000 pods: seconds and peak memory of the process that looks.

    python -m benchmarks.collect [--looks N]

The cluster (see `benchmarks.cluster`) is served over HTTP by a process of its own. Each line is a fresh process: its first
look is cold, with imports and the kubeconfig to read, the others warm. The peak is that of its resident set.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.cluster import FAILING

ALERTS: dict[str, dict[str, Any]] = {
    "a Deployment": {"title": "down", "resource": {"kind": "Deployment", "namespace": FAILING[0], "name": FAILING[1]}},
    "a namespace": {"title": "down", "resource": {"kind": "Namespace", "namespace": FAILING[0], "name": FAILING[0]}},
    "a node": {"title": "down", "resource": {"kind": "Node", "name": "node-33"}},
    "nothing in particular": {"title": "something is wrong"},
}


@contextmanager
def cluster() -> Iterator[Path]:
    """The kubeconfig of a running synthetic cluster."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([sys.executable, "-m", "benchmarks.cluster", folder])
        try:
            config = Path(folder) / "config"
            while not config.exists():
                assert process.poll() is None, "the cluster ended"
                time.sleep(0.1)
            yield config
        finally:
            process.terminate()
            process.wait()


def look(kubeconfig: str, alert: dict[str, Any]) -> dict[str, Any]:
    """One look, from the alert to the report."""
    began = time.perf_counter()
    from tocsin.investigation.collectors.observe import Place, observe
    from tocsin.investigation.diagnosis import diagnose, parse_snapshot

    place = Place("kubeconfig", kubeconfig, "", "lab")
    snapshot = observe(place, alert, now=datetime.now(UTC), timeout_s=60, key=b"key")
    collected = time.perf_counter()
    report = diagnose(parse_snapshot(snapshot))
    report.to_json()
    best = f"{report.hypotheses[0].cause} of {report.hypotheses[0].subject}" if report.hypotheses else report.outcome
    return {
        "seconds": time.perf_counter() - began,
        "reading": collected - began,
        "snapshot": len(snapshot),
        "says": best,
    }


def looks(kubeconfig: str, alert: dict[str, Any], count: int) -> None:
    """Looks several times and prints, a line of JSON each, what it took, and the peak of memory in KiB up to then."""
    for _ in range(count):
        print(json.dumps(look(kubeconfig, alert) | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


def main() -> None:
    """Prints a line for each alert."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--looks", type=int, default=4, help="in one process")
    arguments = parser.parse_args()
    print(
        f"{'alert':<22} {'cold s':>7} {'warm s':>7} {'reading':>8} {'cold MB':>8} {'peak MB':>8} {'snapshot':>9}  says"
    )
    with cluster() as config:
        for name, alert in ALERTS.items():
            program = f"from benchmarks.collect import looks; looks({str(config)!r}, {alert!r}, {arguments.looks})"
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            first, *others = map(json.loads, done.stdout.splitlines())
            warm = sorted(other["seconds"] for other in others)[len(others) // 2]
            print(
                f"{name:<22} {first['seconds']:>7.2f} {warm:>7.2f} {first['reading']:>8.2f} {first['peak'] / 1024:>8.0f}"
                f" {others[-1]['peak'] / 1024:>8.0f} {first['snapshot'] / 1e6:>6.1f} MB  {first['says']}"
            )


if __name__ == "__main__":
    main()
