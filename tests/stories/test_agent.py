"""An agent inside a cluster, from its token to the report that its look led to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.investigation.fake_kubernetes import serving
from tests.stories.running import TOCSIN, Tocsin, tocsin, until
from tocsin.cli.demo.worlds.shop import SHOP

pytestmark = pytest.mark.story
REPORT = """
SELECT r.outcome, r.cause, r.content FROM investigation_storedreport r
JOIN investigation_investigation n ON n.id = r.investigation_id JOIN incidents_incident i ON i.id = n.incident_id
WHERE i.environment_id = (SELECT e.id FROM catalog_environment e JOIN catalog_project p ON p.id = e.project_id WHERE p.slug = %s)
"""


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Tocsin]:
    with tocsin(tmp_path / "data", TOCSIN_CLUSTER_TIMEOUT="6") as running:
        yield running


@contextmanager
def shop(folder: Path) -> Iterator[str]:
    """The kubeconfig of a cluster in which the demonstration's shop fails."""
    world = SHOP.snapshot(datetime.now(UTC))
    logs = {f"{key}/{run}": text for key, log in world["logs"].items() for run, text in log.items()}
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with serving([*world["objects"], *world["events"]], logs) as fake:
            fake.kubeconfig(folder)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    yield str(folder / "config")
    done.set()
    thread.join()


def token(server: Tocsin, environment: str, folder: Path) -> Path:
    """A file with the token of a new agent."""
    made = json.loads(server.command("cluster", "set", environment, "--agent", "--output", "json"))
    file = folder / f"{environment.replace('/', '-')}.token"
    file.write_text(made["token"])
    return file


@contextmanager
def agent(server: Tocsin, token_file: Path, kubeconfig: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running `tocsin agent`, without anything of the server's in its environment."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    options = ["--server", server.address, "--token-file", str(token_file), "--kubeconfig", kubeconfig, "--watch"]
    process = subprocess.Popen([*TOCSIN, "agent", *options], env=environ)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def alert(server: Tocsin, environment: str) -> None:
    labels = {"namespace": "shop", "deployment": "cart"}
    assert server.post(server.source("generic", environment), {"title": "cart is down", "labels": labels}) == 202


def test_what_an_agent_sees_becomes_the_report(own_server: Tocsin, tmp_path: Path) -> None:
    file = token(own_server, "shop/production", tmp_path)
    seen = "SELECT 1 FROM catalog_cluster WHERE agent_seen_at IS NOT NULL"
    with shop(tmp_path) as kubeconfig, agent(own_server, file, kubeconfig) as process:
        until(lambda: own_server.rows(seen), "the agent's first call")
        alert(own_server, "shop/production")
        [(outcome, cause, _)] = until(lambda: own_server.rows(REPORT, "shop"), "the report", 60)
        assert (outcome, cause) == ("diagnosed", "oom-killed")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert own_server.rows("SELECT 1 FROM investigation_agentrequest") == []


def test_without_its_agent_the_report_says_that_nobody_could_look(own_server: Tocsin, tmp_path: Path) -> None:
    token(own_server, "away/production", tmp_path)
    alert(own_server, "away/production")
    [(outcome, _, content)] = until(lambda: own_server.rows(REPORT, "away"), "the report", 60)
    assert outcome == "inconclusive"
    assert "the agent of away/production production did not answer within 10 s; it never called" in content


def test_a_worker_that_is_killed_while_it_waits_does_not_ask_twice(own_server: Tocsin, tmp_path: Path) -> None:
    file = token(own_server, "shop/production", tmp_path)
    alert(own_server, "shop/production")
    asked = "SELECT id FROM investigation_agentrequest"
    until(lambda: own_server.rows(asked), "the request")
    os.kill(own_server.worker(), signal.SIGKILL)
    with shop(tmp_path) as kubeconfig, agent(own_server, file, kubeconfig):
        [(outcome, cause, _)] = until(lambda: own_server.rows(REPORT, "shop"), "the report", 60)
    assert (outcome, cause) == ("diagnosed", "oom-killed")


def test_an_agent_whose_token_is_replaced_ends(own_server: Tocsin, tmp_path: Path) -> None:
    file = token(own_server, "shop/production", tmp_path)
    own_server.command("cluster", "set", "shop/production", "--agent")
    with shop(tmp_path) as kubeconfig, agent(own_server, file, kubeconfig) as process:
        assert process.wait(30) == 2
