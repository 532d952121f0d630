"""Real programs that know other systems send to a running Tocsin: an Alertmanager that pages, a Prometheus that pushes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.stories.running import Tocsin, until
from tests.stories.test_alertmanager import ALERTMANAGER, answers, free_port, push

PROMETHEUS = shutil.which("prometheus")
pytestmark = pytest.mark.story
without_alertmanager = pytest.mark.skipif(
    ALERTMANAGER is None and "CI" not in os.environ, reason="no Alertmanager here"
)
without_prometheus = pytest.mark.skipif(PROMETHEUS is None, reason="no Prometheus here: install Debian's prometheus")

ROUTE = "route: {receiver: tocsin, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}\n"
RULES = """
groups:
  - name: always
    interval: 1s
    rules: [{alert: PushedByPrometheus, expr: vector(1), labels: {severity: low, namespace: pushed, pod: cart-0}}]
"""


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[str]:
    """The address of a program that answers /-/ready."""
    process = subprocess.Popen(
        [*command, f"--web.listen-address=127.0.0.1:{port}"], cwd=folder, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{address}/-/ready"), command[0])
        yield address
    finally:
        process.terminate()
        process.wait()


def states(server: Tocsin, kind: str) -> list[tuple[str, bool]]:
    """Titles and whether they fire, of the alerts of a kind of source."""
    query = "SELECT a.title, a.firing FROM alerts_alert a JOIN catalog_source s ON s.id = a.source_id WHERE s.kind = %s"
    return server.rows(query, kind)


@without_alertmanager
@pytest.mark.parametrize("kind", ["pagerduty_events", "opsgenie"])
def test_an_alertmanager_that_pages_elsewhere_can_page_here(server: Tocsin, tmp_path: Path, kind: str) -> None:
    assert ALERTMANAGER is not None
    token = server.source(kind, f"{kind.replace('_', '-')}/production").rpartition("/")[2]
    receivers = {
        "pagerduty_events": f"pagerduty_configs: [{{url: '{server.address}/v2/enqueue', routing_key: '{token}'}}]",
        "opsgenie": f"opsgenie_configs: [{{api_url: '{server.address}/', api_key: '{token}'}}]",
    }
    (tmp_path / "am.yml").write_text(f"{ROUTE}receivers: [{{name: tocsin, {receivers[kind]}}}]\n")
    command = [ALERTMANAGER, "--config.file=am.yml", f"--storage.path={tmp_path}", "--cluster.listen-address="]
    with running(command, tmp_path, free_port()) as address:
        push(address, ends_in=timedelta(minutes=5), alertname=f"Paged{kind}", severity="critical")
        [(title, firing)] = until(lambda: states(server, kind), "the page")
        assert (f"Paged{kind}" in title, firing) == (True, True)
        push(address, ends_in=timedelta(seconds=-1), alertname=f"Paged{kind}", severity="critical")
        until(lambda: states(server, kind) == [(title, False)], "its end")


@without_prometheus
@pytest.mark.parametrize("way", ["path", "header"])
def test_a_prometheus_pushes_here_as_to_an_alertmanager(server: Tocsin, tmp_path: Path, way: str) -> None:
    assert PROMETHEUS is not None
    path = server.source("prometheus", f"pushed-by-{way}/production")
    proof = f"path_prefix: {path}" if way == "path" else f"authorization: {{credentials: '{path.rpartition('/')[2]}'}}"
    place = f"static_configs: [{{targets: ['{urlsplit(server.address).netloc}']}}]"
    (tmp_path / "rules.yml").write_text(RULES)
    configuration = f"rule_files: [rules.yml]\nalerting: {{alertmanagers: [{{{proof}, {place}}}]}}\n"
    (tmp_path / "prometheus.yml").write_text(configuration)
    again = "--rules.alert.resend-delay=1s"  # what comes before it knows whom to tell is lost, and told again only then
    command = [PROMETHEUS, "--config.file=prometheus.yml", f"--storage.tsdb.path={tmp_path}/data", again]
    of_environment = """
        SELECT a.title, a.firing, a.expires_at > a.last_seen FROM alerts_alert a
        JOIN catalog_environment e ON e.id = a.environment_id JOIN catalog_project p ON p.id = e.project_id WHERE p.slug = %s
    """
    with running(command, tmp_path, free_port()):
        [pushed] = until(lambda: server.rows(of_environment, f"pushed-by-{way}"), "the push")
        assert pushed == ("PushedByPrometheus", True, True)
