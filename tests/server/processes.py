"""Waiting for processes in tests."""

from __future__ import annotations

import time
from pathlib import Path


def wait_until_gone(*pids: int) -> None:
    """Returns once none of the processes exists. Raises AssertionError where one stays."""
    deadline = time.monotonic() + 30
    while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.02)
