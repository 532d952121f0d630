"""The database as psycopg finds it, for what speaks to it without Django; and its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.conninfo import make_conninfo


def conninfo() -> str:
    """The database's address for psycopg: the same one Django uses."""
    parameters = connection.get_connection_params()
    words: dict[str, Any] = {name: value for name, value in parameters.items() if isinstance(value, str | int)}
    return make_conninfo(**words)


def now() -> datetime:
    """The time by the clock of the database, which is one for all replicas: their own may differ, and jump."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [at] = cursor.fetchone()
    assert isinstance(at, datetime)
    return at
