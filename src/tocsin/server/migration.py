"""Bringing the database to this version of the code."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Which advisory lock says “somebody migrates”; `toc` in letters, so that it is nobody else's.
LOCK = 0x746F63


def migrate() -> None:
    """Applies what is missing, one process at a time. Raises django.db.OperationalError when the database can't be reached."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.server.settings")
    import django
    from django.core.management import call_command

    django.setup()
    with _alone():
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Waits until no other process migrates: a command beside a server that starts, or a second replica.

    It asks again and again, because who waits inside of PostgreSQL holds a snapshot, for which an index that is built
    beside traffic would wait.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        while not cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()[0]:
            time.sleep(0.1)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
