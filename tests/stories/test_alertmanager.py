"""A real Prometheus Alertmanager sends to a running Tocsin."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.stories.running import Tocsin, until

ALERTMANAGER = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(
        ALERTMANAGER is None and "CI" not in os.environ,
        reason="no Alertmanager here: install Debian's prometheus-alertmanager",
    ),
]
CONFIGURATION = """
route: {{receiver: tocsin, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers: [{{name: tocsin, webhook_configs: [{{url: "{url}", send_resolved: true}}]}}]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def alertmanager(server: Tocsin, tmp_path: Path) -> Iterator[str]:
    """The address of an Alertmanager that sends everything to Tocsin."""
    assert ALERTMANAGER is not None, "CI must install prometheus-alertmanager"
    url = server.address + server.source("alertmanager", "am/production")
    (tmp_path / "am.yml").write_text(CONFIGURATION.format(url=url))
    port = free_port()
    command = [ALERTMANAGER, "--config.file=am.yml", f"--storage.path={tmp_path}", "--cluster.listen-address="]
    process = subprocess.Popen(
        [*command, f"--web.listen-address=127.0.0.1:{port}"], cwd=tmp_path, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    until(lambda: answers(f"{address}/-/ready"), "Alertmanager")
    yield address
    process.terminate()
    process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def push(address: str, *, ends_in: timedelta, **labels: str) -> None:
    """What Prometheus does: posts an alert that ends then."""
    ends = (datetime.now(UTC) + ends_in).isoformat()
    body = json.dumps([{"labels": labels, "annotations": {"summary": "Pod is not ready"}, "endsAt": ends}]).encode()
    request = urllib.request.Request(f"{address}/api/v2/alerts", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=5).close()


INCIDENT = """
SELECT i.id, i.status, i.resolution, i.severity FROM incidents_incident i WHERE i.title LIKE %s
"""


def test_from_firing_to_resolved_by_itself(server: Tocsin, alertmanager: str) -> None:
    labels = {"alertname": "KubePodNotReady", "namespace": "real", "pod": "am-0", "severity": "critical"}
    push(alertmanager, ends_in=timedelta(minutes=5), **labels)
    [opened] = until(lambda: server.rows(INCIDENT, "%real/am"), "the incident")
    assert opened[1:] == ("triggered", "", "critical")
    push(alertmanager, ends_in=timedelta(seconds=-1), **labels)
    resolved = (opened[0], "resolved", "recovered by itself", "critical")
    until(lambda: server.rows(INCIDENT, "%real/am") == [resolved], "the resolution")


def test_two_alerts_of_one_group_keep_their_own_state(server: Tocsin, alertmanager: str) -> None:
    for pod in ("own-0", "other-0"):
        push(alertmanager, ends_in=timedelta(minutes=5), alertname="KubePodCrashLooping", namespace="real", pod=pod)
    until(
        lambda: len(server.rows("SELECT 1 FROM alerts_alert WHERE firing AND title = 'KubePodCrashLooping'")) == 2,
        "two",
    )
    push(alertmanager, ends_in=timedelta(seconds=-1), alertname="KubePodCrashLooping", namespace="real", pod="own-0")
    query = "SELECT labels->>'pod' FROM alerts_alert WHERE firing AND title = 'KubePodCrashLooping'"
    until(lambda: server.rows(query) == [("other-0",)], "one of them to resolve")
