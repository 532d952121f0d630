"""Reaching the database from a command: the external one, the running server's, or the embedded one started for a moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tocsin.server.config import Config
from tocsin.server.migration import migrate
from tocsin.server.postgres import running_url, start_postgres


@contextmanager
def database(config: Config) -> Iterator[None]:
    """Sets Django up on this installation's database, at this version. Raises PostgresError, django.db.OperationalError."""
    url = config.database_url or running_url(config.data_dir)
    running = None if url else start_postgres(config.data_dir)
    os.environ["TOCSIN_DATABASE_URL"] = url or (running.url if running else "")
    try:
        migrate()
        yield
    finally:
        _leave()
        if running is not None:
            running.stop()


def _leave() -> None:
    """Closes the connections that are kept for the next use: there is none, and the database may stop."""
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    connection = connections["default"]
    assert isinstance(connection, DatabaseWrapper)
    connection.close()
    connection.close_pool()
