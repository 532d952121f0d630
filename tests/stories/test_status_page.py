"""What outsiders read while everything else is down."""

from __future__ import annotations

import os
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from benchmarks.crash import database_pid

from tests.stories.published import publish
from tests.stories.running import Tocsin, tocsin, until

pytestmark = pytest.mark.story


def read(server: Tocsin, path: str = "/status") -> str:
    """A page as an outsider gets it; empty where there is none."""
    try:
        with urllib.request.urlopen(server.address + path, timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as refused:
        if refused.code != 404:
            raise
        return ""


def test_the_status_page_stays_while_the_database_is_away(tmp_path: Path) -> None:
    with tocsin(tmp_path / "data") as server:
        server.post(server.source("generic"), {"title": "Checkout is down", "labels": {"service": "checkout"}})
        until(lambda: server.rows("SELECT id FROM incidents_incident"), "an incident to open")
        assert read(server) == ""
        publish(server)
        until(lambda: "Checkout fails" in read(server), "the page to tell of it")
        server.process.send_signal(signal.SIGSTOP)  # so that it does not start the database again
        try:
            os.kill(database_pid(server), signal.SIGKILL)
            for path in ("/status", "/status/history", "/status/feed.atom", "/status/feed.json"):
                assert "Checkout fails" in read(server, path)
        finally:
            server.process.send_signal(signal.SIGCONT)
