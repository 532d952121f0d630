"""The database as psycopg finds it, for what speaks to it without Django; its clock; and whether it is away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo


def conninfo() -> str:
    """The database's address for psycopg: the same one Django uses."""
    parameters = connection.get_connection_params()
    words: dict[str, Any] = {name: value for name, value in parameters.items() if isinstance(value, str | int)}
    return make_conninfo(**words)


def is_away(error: BaseException | None) -> bool:
    """Whether an error came about because the database can't be reached or went away, and not by what it was asked."""
    while error is not None:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            # no answer at all, a connection exception, or a server that shuts down or starts (PostgreSQL's appendix A)
            return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
        error = error.__cause__ or error.__context__
    return False


def now() -> datetime:
    """The time by the clock of the database, which is one for all replicas: their own may differ, and jump."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [at] = cursor.fetchone()
    assert isinstance(at, datetime)
    return at
