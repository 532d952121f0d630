"""The disk is full, the database is away: what are senders told, and is anything half kept?

    python -m benchmarks.outages [--megabytes N]

Starts a Tocsin of its own on a small memory disk (as root, on Linux), sends bodies of 100 alerts until the disk is full, makes
room, and goes on; then it holds the supervisor still, kills the database and sends again. Prints what was answered; exit
status 1 when an answer was neither 202 nor a 503 with Retry-After, when anything accepted is missing, or half kept.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.stories.running import Tocsin, tocsin, until

from benchmarks.crash import database_pid, is_well
from benchmarks.ingest import body

ALERTS_A_BODY = 100
AT_MOST = 2000
# In bytes; below 96 MiB it counts as full.
LEFT = 140_000_000
# After the first refusal, to see that it stays so.
MORE = 40
# Each waits some seconds for the database to come back.
WHILE_AWAY = 4
HALF_KEPT = """
SELECT (SELECT count(*) FROM alerts_occurrence o WHERE NOT EXISTS (SELECT FROM alerts_signal s WHERE s.id = o.signal_id))
    + (SELECT count(*) FROM alerts_occurrence o
        WHERE NOT EXISTS (SELECT FROM incidents_incidentoccurrence l WHERE l.occurrence_id = o.id))
    + (SELECT count(*) FROM alerts_alert a WHERE NOT EXISTS (SELECT FROM alerts_occurrence o WHERE o.alert_id = a.id))
"""


@dataclass(slots=True)
class Trial:
    """A sender, which numbers its bodies and remembers what it was told."""

    server: Tocsin
    path: str
    number: int = 0
    accepted: int = 0
    told: collections.Counter[str] = field(default_factory=collections.Counter)

    def send(self) -> bool:
        """Sends one more body; whether it was accepted."""
        self.number += 1
        raw = body(range(ALERTS_A_BODY), f"{self.number:x}")
        request = urllib.request.Request(self.server.address + self.path, raw, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, wait = int(answer.status), ""
        except urllib.error.HTTPError as error:
            status, wait = error.code, error.headers.get("Retry-After", "")
        self.told[f"{status} with Retry-After" if wait else str(status)] += 1
        self.accepted += status == 202
        return status == 202

    def outcome(self) -> dict[str, object]:
        """What the database says in the end."""
        [[kept]] = self.server.rows("SELECT count(*) FROM alerts_signal WHERE error = ''")
        [[alerts]] = self.server.rows("SELECT count(*) FROM alerts_alert")
        [[half]] = self.server.rows(HALF_KEPT)
        return {
            "answers": dict(self.told),
            "accepted": self.accepted,
            "signals missing": self.accepted - kept,
            "alerts missing": self.accepted * ALERTS_A_BODY - alerts,
            "half kept": half,
        }


@contextmanager
def memory_disk(megabytes: int) -> Iterator[Path]:
    """A folder of this size. Raises SystemExit where it can't be made."""
    with tempfile.TemporaryDirectory(prefix="tocsin-outages-") as folder:
        options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", folder]
        if subprocess.run(["mount", *options], check=False).returncode:
            raise SystemExit("A memory disk can't be mounted here: this needs root on Linux.")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(trial: Trial, folder: Path) -> None:
    """Sends until the disk is full, and some more; then there is room again, and it goes on."""
    ballast = folder / "ballast"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    ballast.write_bytes(b"\0" * max(0, free - LEFT))
    refused = 0
    while refused < MORE and trial.number < AT_MOST:
        refused += not trial.send()
    ballast.unlink()
    until(trial.send, "a body to be taken once there is room", 60)


def take_away(trial: Trial) -> None:
    """Sends while there is no database, and after it is back."""
    trial.server.process.send_signal(signal.SIGSTOP)  # it would start another at once
    os.kill(database_pid(trial.server), signal.SIGKILL)
    for _ in range(WHILE_AWAY):
        trial.send()
    trial.server.process.send_signal(signal.SIGCONT)
    until(lambda: is_well(trial.server), "the database to be back", 60)
    until(trial.send, "a body to be taken again", 60)


def main() -> None:
    """Runs both and prints what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=400)
    options = parser.parse_args()
    with memory_disk(options.megabytes) as folder, tocsin(folder / "data") as server:
        trial = Trial(server, server.source("alertmanager"))
        fill(trial, folder)
        full = dict(trial.told)
        take_away(trial)
        outcome = {"answers while full": full} | trial.outcome()
    print(json.dumps(outcome, indent=1))
    strange = trial.told.keys() - {"202", "503 with Retry-After"}
    wrong = [outcome[name] for name in ("signals missing", "alerts missing", "half kept")]
    sys.exit(1 if strange or any(wrong) else 0)


if __name__ == "__main__":
    main()
