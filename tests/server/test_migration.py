"""Bringing a database up to date, by more than one at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tocsin.server.postgres import start_postgres


def test_a_command_beside_a_server_that_starts_for_the_first_time_waits_for_its_turn(data_dir: Path) -> None:
    running = start_postgres(data_dir)
    try:
        environ = os.environ | {"TOCSIN_DATABASE_URL": running.url, "TOCSIN_DATA_DIR": str(data_dir)}
        command = [sys.executable, "-m", "tocsin", "migrate"]
        both = [subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        said = [process.communicate()[1] for process in both]
    finally:
        running.stop()
    assert [process.returncode for process in both] == [0, 0], said
