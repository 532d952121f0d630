"""The one error of embedded PostgreSQL."""

from __future__ import annotations


class PostgresError(Exception):
    """PostgreSQL can't be started or used; the message says why and what to do."""
