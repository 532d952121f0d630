"""Whether the disk has room for signals: our own PostgreSQL stops altogether where it can't write its log any more."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

log = logging.getLogger(__name__)

# Six segments of PostgreSQL's log: what is under way can still be written, and people can still tidy up.
LEAST_FREE = 96 * 1024 * 1024
LOOK_EVERY_S = 1.0


class Room:
    """Looks at the disk of a folder, once a second; without a folder there always is room."""

    def __init__(self, folder: Path | None, least_free: int = LEAST_FREE) -> None:
        """`least_free` in bytes."""
        self._folder, self._least_free = folder, least_free
        self._looked_at, self._is_short = 0.0, False

    def is_short(self) -> bool:
        """Whether nothing more should be taken in. Where the disk can't be looked at, the database decides."""
        now = time.monotonic()
        if self._folder is None or now - self._looked_at < LOOK_EVERY_S:
            return self._is_short
        self._looked_at = now
        try:
            found = os.statvfs(self._folder)
        except OSError as error:
            log.warning("can't see how full the disk is: %s", error)
            return self._is_short
        was, self._is_short = self._is_short, found.f_bavail * found.f_frsize < self._least_free
        if self._is_short and not was:
            log.error("the disk of %s is full: signals are turned away until there is room", self._folder)
        return self._is_short
