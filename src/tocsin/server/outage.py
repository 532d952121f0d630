"""While the database is away the log says so once a minute, instead of a traceback from everything that meets it."""

from __future__ import annotations

import logging
import time

from tocsin.ground.database import is_away

SAID_EVERY_S = 60.0
_OF_THE_POOL = ("error connecting", "discarding closed connection")


class Outage(logging.Filter):
    """A filter of records: of those about a database that is away one passes a minute, as one line."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at = -SAID_EVERY_S

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written; the one that is about an outage becomes its line."""
        error = record.exc_info[1] if record.exc_info else None
        if not is_away(error) and not (record.name == "psycopg.pool" and record.getMessage().startswith(_OF_THE_POOL)):
            return True
        now = time.monotonic()
        if now - self._said_at < SAID_EVERY_S:
            return False
        self._said_at = now
        reason = (str(error).strip() or type(error).__name__) if error else record.getMessage()
        record.msg, record.args = "the database is away, and is tried again all the time: %s", (reason.splitlines()[0],)
        record.exc_info = record.exc_text = None
        return True
