"""Bringing the database to this version of the code."""

from __future__ import annotations

import os


def migrate() -> None:
    """Applies what is missing. Raises django.db.OperationalError when the database can't be reached."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.server.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
