"""What a kill -9 may not do: lose a signal, or write a report twice."""

from __future__ import annotations

import os
import random
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.crash import trial

from tests.stories.running import Tocsin, tocsin, until

pytestmark = pytest.mark.story

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: slow
contexts: [{{name: slow, context: {{cluster: slow, user: nobody}}}}]
clusters: [{{name: slow, cluster: {{server: "http://127.0.0.1:{port}"}}}}]
users: [{{name: nobody, user: {{}}}}]
"""


@pytest.fixture
def slow_cluster(tmp_path: Path) -> Iterator[Path]:
    """A kubeconfig for an API server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        path = tmp_path / "kubeconfig"
        path.write_text(KUBECONFIG.format(port=listening.getsockname()[1]))
        yield path


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Tocsin]:
    with tocsin(tmp_path / "data", TOCSIN_CLUSTER_TIMEOUT="4") as running:
        yield running


def test_a_worker_killed_while_investigating_is_replaced_and_reports_once(
    own_server: Tocsin, slow_cluster: Path
) -> None:
    path = own_server.source("generic")
    own_server.command("cluster", "set", "shop/production", "--kubeconfig", str(slow_cluster))
    own_server.post(path, {"title": "Pods down", "labels": {"namespace": "shop", "deployment": "cart"}})
    state = "SELECT attempts, finished_at IS NOT NULL FROM investigation_investigation"
    until(lambda: own_server.rows(state) == [(1, False)], "the investigation to begin")
    os.kill(own_server.worker(), signal.SIGKILL)
    until(lambda: own_server.rows(state) == [(2, True)], "another worker to finish it", 60)
    assert own_server.rows("SELECT count(*) FROM investigation_storedreport") == [(1,)]
    lines = own_server.rows("SELECT text FROM incidents_timelineentry WHERE kind = 'analysis' ORDER BY id")
    assert [text.split(",")[0].split(":")[0] for (text,) in lines] == [
        "Investigation started.",
        "Investigation complete",
    ]


def test_signals_accepted_under_fire_are_kept_and_each_report_is_written_once(tmp_path: Path) -> None:
    outcome = trial(tmp_path / "data", 3, random.Random(4))
    assert outcome["accepted"] > 20
    assert outcome["accepted but lost"] == 0
    assert outcome["firing alerts without an open incident"] == 0
    assert outcome["investigations"] == outcome["reports"] == outcome["reports said on timelines"] > 0


def test_while_the_database_is_down_senders_are_told_to_come_again_and_then_it_goes_on(own_server: Tocsin) -> None:
    path = own_server.source("generic")
    assert own_server.post(path, {"title": "before"}) == 202
    postmaster = (own_server.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0]
    os.kill(int(postmaster), signal.SIGKILL)
    during = own_server.post(path, {"title": "during"})
    until(lambda: own_server.post(path, {"title": "after"}) == 202, "the database to come back")
    assert during in {202, 503}
    kept = {title for (title,) in own_server.rows("SELECT title FROM alerts_alert")}
    assert {"before", "after"} | ({"during"} if during == 202 else set()) <= kept
