"""Kill -9 under load: is every accepted signal kept, and every report written exactly once?

    python -m benchmarks.crash [--kills N]

Starts a Tocsin of its own in a temporary folder, sends signals all the time, some of them several times, and kills in turn the
whole server, the worker and the database at random instants. What does not come back by itself is started again.
Prints what was accepted, kept, opened, investigated; exit status 1 when anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.stories.running import Tocsin, start, until

SENDERS = 4
# Of so many bodies one comes again and again.
REPEATED = 5
VICTIMS = ("server", "worker", "database")
CHECKS = {
    "signals kept": "SELECT count(*) FROM alerts_signal WHERE error = ''",
    "incidents": "SELECT count(*) FROM incidents_incident",
    "investigations": "SELECT count(*) FROM investigation_investigation",
    "reports": "SELECT count(*) FROM investigation_storedreport",
    "reports said on timelines": "SELECT count(*) FROM incidents_timelineentry WHERE text LIKE 'Investigation complete%%'",
    "investigations given up": "SELECT count(*) FROM investigation_investigation WHERE error <> ''",
    "investigations run more than once": "SELECT count(*) FROM investigation_investigation WHERE attempts > 1",
    "open incidents about the same": "SELECT count(*) - count(DISTINCT (environment_id, subject_key)) FROM incidents_incident "
    "WHERE resolved_at IS NULL AND closed_at IS NULL AND subject_key <> ''",
    "repeats counted": "SELECT coalesce(sum(times), 0)::int FROM alerts_repeatedsignal",
    "firing alerts without an open incident": "SELECT count(*) FROM alerts_occurrence o WHERE ends_at IS NULL AND NOT EXISTS "
    "(SELECT FROM incidents_incidentoccurrence l JOIN incidents_incident i ON i.id = l.incident_id "
    "WHERE l.occurrence_id = o.id AND i.resolved_at IS NULL)",
}


@dataclass(slots=True)
class Load:
    """Threads that send signals one after the other, and remember which were accepted."""

    server: Tocsin
    path: str
    accepted: set[str] = field(default_factory=set)
    sent: int = 0
    stopping: bool = False
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Starts sending."""
        self.threads = [threading.Thread(target=self._send, args=(n,)) for n in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Stops, after the answers to what is on its way."""
        self.stopping = True
        for thread in self.threads:
            thread.join()

    def _send(self, sender: int) -> None:
        number = 0
        while not self.stopping:
            number += 1
            title = f"alert {sender}.{number}"
            app = f"app-{sender}-{number // 20}"
            body = {"title": title, "labels": {"namespace": app, "deployment": app}}
            for _ in range(1 if number % REPEATED else 4):
                self._post(title, body)

    def _post(self, title: str, body: dict[str, Any]) -> None:
        self.sent += 1
        try:
            if self.server.post(self.path, body) == 202:
                self.accepted.add(title)
        except OSError:  # the server is being killed: not accepted, and it may or may not have been kept
            time.sleep(0.05)
        time.sleep(0.01)


def kill(server: Tocsin, victim: str) -> Tocsin:
    """Kills the whole server, its worker or its database; returns a server that runs again."""
    if victim == "server":
        server.kill()
        return start(server.folder, TOCSIN_PORT=server.address.rpartition(":")[2])
    os.kill(server.worker() if victim == "worker" else database_pid(server), signal.SIGKILL)
    until(lambda: is_well(server), f"the server to be well after its {victim} was killed", 60)
    return server


def database_pid(server: Tocsin) -> int:
    """The pid of its own PostgreSQL."""
    return int((server.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def is_well(server: Tocsin) -> bool:
    """Whether it says so itself."""
    try:
        return bool(urllib.request.urlopen(f"{server.address}/healthz", timeout=5).status == 200)
    except OSError:
        return False


def main() -> None:
    """Runs the trial and prints the count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="tocsin crash ") as folder:
        outcome = trial(Path(folder), options.kills, chance)
    print(json.dumps(outcome, indent=1))
    lost = outcome["accepted but lost"] or outcome["firing alerts without an open incident"]
    concluded = outcome["investigations"] - outcome["investigations given up"]
    doubled = outcome["open incidents about the same"] or not (
        concluded == outcome["reports"] == outcome["reports said on timelines"]
    )
    sys.exit(1 if lost or doubled else 0)


def trial(folder: Path, kills: int, chance: random.Random) -> dict[str, int]:
    """Kills `kills` times under load, then waits until all is investigated, and counts."""
    server = start(folder)
    load = Load(server, server.source("generic"))
    load.begin()
    try:
        for number in range(kills):
            time.sleep(chance.uniform(0.3, 2.5))
            server = load.server = kill(server, VICTIMS[number % len(VICTIMS)])
    finally:
        load.end()
    unfinished = "SELECT 1 FROM investigation_investigation WHERE finished_at IS NULL"
    until(lambda: not server.rows(unfinished), "all investigations to finish", 300)
    kept = {title for (title,) in server.rows("SELECT title FROM alerts_alert")}
    counts = {name: server.rows(query)[0][0] for name, query in CHECKS.items()}
    server.process.terminate()
    server.process.wait()
    return {
        "kills": kills,
        "sent": load.sent,
        "accepted": len(load.accepted),
        "accepted but lost": len(load.accepted - kept),
    } | counts


if __name__ == "__main__":
    main()
