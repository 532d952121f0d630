"""The database as psycopg finds it, for what speaks to it without Django."""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg.conninfo import make_conninfo


def conninfo() -> str:
    """The database's address for psycopg: the same one Django uses."""
    parameters = connection.get_connection_params()
    words: dict[str, Any] = {name: value for name, value in parameters.items() if isinstance(value, str | int)}
    return make_conninfo(**words)
