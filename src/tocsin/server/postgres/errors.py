"""The one error of embedded PostgreSQL."""

from __future__ import annotations


class PostgresError(Exception):
    """PostgreSQL can't be started or used; the message says why and what to do."""


def in_use(holder: object, home: object) -> str:
    """That another process has the database in `home`, and what to do."""
    return f"another Tocsin (pid {holder}) uses the database in {home}: wait while it starts, or stop it"
