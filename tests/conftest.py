"""What every test may use: settings of its own, and a real PostgreSQL that starts with the first test that needs one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before Django reads its settings: nothing of the person who runs the tests may leak in, or out into their home.
for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
    del os.environ[name]
TEST_HOME = Path(tempfile.mkdtemp(prefix="tocsin-tests-"))
os.environ["TOCSIN_DATA_DIR"] = str(TEST_HOME)
os.environ["TOCSIN_SECRET_KEY"] = "a key for tests alone, of no use to anyone"
os.environ["DJANGO_SETTINGS_MODULE"] = "tocsin.server.settings"

import django  # noqa: E402  # reads the settings above
from django.conf import settings  # noqa: E402

assert settings.DATABASES
django.setup()

from django.db import connections  # noqa: E402

from tocsin.server.postgres import start_postgres  # noqa: E402


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL of this test run's own."""
    running = start_postgres(TEST_HOME)
    yield running.url
    running.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_url: str, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Points Django at it, when the first test asks for a database."""
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(postgres_url)
    place = {"HOST": parts["host"], "USER": parts.get("user", ""), "NAME": parts["dbname"], "PORT": ""}
    connections["default"].settings_dict.update(place)


def pytest_sessionfinish() -> None:
    """Leaves nothing behind."""
    shutil.rmtree(TEST_HOME, ignore_errors=True)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no test: what is packed holds the time, and the processes of a run would collect different tests."""
    return argname if isinstance(val, bytes) else None
