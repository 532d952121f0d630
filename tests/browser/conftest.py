"""A real server in a process of its own, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DeadlockDetected

from tests.factories import make_user
from tocsin.accounts.models import User
from tocsin.ground.database import conninfo

# Without a sandbox, since tests may run as root in a container; and nothing that talks to the outside.
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
]
UVICORN = [
    sys.executable,
    "-m",
    "uvicorn",
    "tocsin.server.asgi:app",
    "--no-access-log",
    "--timeout-graceful-shutdown",
    "1",
]
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
Opens = Callable[..., Page]
MOST_TRIES = 5


def chromium_path() -> str:
    """Where Chromium is. Without one the test is skipped; but under CI it fails, where nobody would notice."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is not None:
        return executable
    missing = "there is no chromium on the PATH; install it to run the browser tests"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser; tests are skipped where there is none."""
    executable = chromium_path()
    # Playwright's loop makes Django believe that tests run inside of asyncio; they do not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def server(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web process on the tests' database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*UVICORN, "--port", str(port)],
            env={**os.environ, "TOCSIN_DATABASE_URL": _database_url(), "TOCSIN_SECRET_KEY": settings.SECRET_KEY},
            stdout=out,
            stderr=out,
        )
    address = f"http://127.0.0.1:{port}"
    _wait(address, process, log)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture(scope="package", autouse=True)
def _tables_are_emptied_while_the_server_reads() -> Iterator[None]:
    """Between tests all tables are emptied. Where the server reads some of them just then, one of the two has to try again."""
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def empty_at_last(self: Any, statements: Iterable[str]) -> None:
        for _ in range(MOST_TRIES - 1):
            try:
                empty(self, statements)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
        empty(self, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", empty_at_last)
        yield


def _database_url() -> str:
    parts = conninfo_to_dict(conninfo())
    return f"postgresql:///{parts.pop('dbname')}?{urlencode(parts)}"


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz").close()
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture
def alice(transactional_db: None) -> User:
    """A responder; what she does is committed, so that the server sees it."""
    connection.ensure_connection()
    return make_user("alice")


@pytest.fixture
def opens(chromium: Browser, server: str, alice: User) -> Iterator[Opens]:
    """Opens a page as Alice; at the end no page may have complained of a script error or a forbidden resource."""
    complaints: list[str] = []
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        refused = "status of 400" in message.text  # Chromium notes how a form with a mistake was answered
        if message.type in ("error", "warning") and not refused:
            complaints.append(message.text)

    def open_page(
        address: str,
        *,
        scheme: str = "dark",
        size: ViewportSize = LAPTOP,
        scripts: bool = True,
        login: bool = True,
        timezone: str | None = None,
    ) -> Page:
        looks: Any = {"color_scheme": scheme, "viewport": size, "java_script_enabled": scripts, "timezone_id": timezone}
        context = chromium.new_context(base_url=server, **looks)
        contexts.append(context)
        if login:
            client = Client()
            client.force_login(alice)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}])
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
