"""Tasks without which a process is of no use: when one ends, so does the process, and its supervisor starts it anew."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import Any

log = logging.getLogger(__name__)


def essential(task: asyncio.Task[Any]) -> asyncio.Task[Any]:
    """The task, watched: unless it is cancelled, its end asks the process to stop, as SIGTERM does."""
    task.add_done_callback(_stop)
    return task


def _stop(task: asyncio.Task[Any]) -> None:
    if task.cancelled():
        return
    log.critical("%s has ended, so this process ends too", task.get_name(), exc_info=task.exception())
    signal.raise_signal(signal.SIGTERM)
