"""The list of incidents over a long history: how long pages, filters, searches and an incident's page take.

    python -m benchmarks.list [--incidents 1000000] [--folder FOLDER] [--rounds 12]

Starts a server in a temporary folder and fills its database by COPY (see benchmarks.history), or measures what an earlier run
left in FOLDER. Each case runs `rounds` times in turn with the others, so that no one finds the caches warm from itself
alone. In the database: what all queries of a page's rows take as the application sends them, over the socket and fetched; and by
itself, what PostgreSQL says of its planning and executing them, the least of all rounds. At the socket: a whole page by HTTP from
a browser that is logged in, rendered, on one connection, and the processor time of the web process, the mean of all rounds.
Client and server share the machine.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

import psutil
from tests.stories import running

from benchmarks import history
from tocsin.server.postgres import running_url

PASSWORD = "a long history"
Measure = TypeVar("Measure")
# Each with the place it begins after, for a deep page.
CASES: dict[str, tuple[str, str]] = {
    "first page": ("", ""),
    "first page of all": ("is:all", ""),
    "deep page": ("is:all", "{middle}"),
    "by severity": ("is:all sort:severity", ""),
    "by severity, deep": ("is:all sort:severity", str(4 * 2**44 - 20_000)),
    "by duration": ("is:closed sort:longest", ""),
    "status": ("is:all status:postmortem", ""),
    "severity": ("is:all severity:critical", ""),
    "assignee": ("is:all assignee:person-5", ""),
    "nobody's": ("is:all assignee:nobody", ""),
    "opened by": ("is:all trigger:drift", ""),
    "project": ("is:all project:team-2", ""),
    "project with few": ("is:all project:team-38", ""),
    "service": ("is:all service:service-3", ""),
    "service with few": ("is:all service:service-250", ""),
    "a month long ago": ("is:all since:2020-06-01 until:2020-06-30", ""),
    "three filters": ("is:all severity:high project:team-3 assignee:nobody", ""),
    "one common word": ("is:all timeout", ""),
    "one word": ("is:all sentinel", ""),
    "one rare word": ("is:all crashexceeded", ""),
    "a word that is nowhere": ("is:all qqqq", ""),
    "two words": ("is:all payment timeout", ""),
    "a phrase": ('is:all "memory timeout"', ""),
    "a rare phrase": ('is:all "leader election"', ""),
    "two words, newest first": ("is:all payment timeout sort:newest", ""),
    "a word and a filter": ("is:all timeout severity:critical", ""),
    "the beginning of a word": ("is:all sentin", ""),
}


def measured(run: Callable[[str, str], Measure], rounds: int, middle: int) -> dict[str, list[Measure]]:
    """What is measured of each case, round by round."""
    times: dict[str, list[Measure]] = {name: [] for name in CASES}
    for _ in range(rounds):
        for name, (query, after) in CASES.items():
            times[name].append(run(query, after.format(middle=middle)))
    return times


def asking(url: str) -> Callable[[str, str], None]:
    """Asks for a case's rows as the application does."""
    os.environ |= {"TOCSIN_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tocsin.server.settings"}
    os.environ |= {"TOCSIN_SECRET_KEY": "a key for benchmarks alone, of no use to anyone"}
    import django

    django.setup()
    from django.utils import timezone

    from tocsin.incidents import listing
    from tocsin.incidents.search import read
    from tocsin.web.pages.analysis import newest_verdicts
    from tocsin.web.pages.hits import hits_of

    def ask(query: str, after: str) -> None:
        asked = read({"q": [query]})
        place = int(after) if after else None
        page = listing.page(asked, listing.rows(), 50, person="reader", now=timezone.now(), after=place)
        newest_verdicts([one.pk for one in page.incidents])
        if asked.words and page.incidents:
            hits_of(asked.words, page.incidents, {})

    return ask


def in_database(ask: Callable[[str, str], None], query: str, after: str) -> float:
    """Milliseconds that a case waits for its queries."""
    from django.db import connection

    spent: list[float] = []

    def timed(execute: Callable[..., object], *arguments: object) -> object:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - began)

    with connection.execute_wrapper(timed):
        ask(query, after)
    return sum(spent) * 1000


def by_itself(ask: Callable[[str, str], None], query: str, after: str) -> float:
    """Milliseconds that PostgreSQL says it plans and executes a case's queries."""
    from django.db import connection

    queries: list[tuple[str, Any]] = []

    def noted(execute: Callable[..., object], sql: str, parameters: Any, *rest: object) -> object:
        queries.append((sql, parameters))
        return execute(sql, parameters, *rest)

    with connection.execute_wrapper(noted):
        ask(query, after)
    spent = 0.0
    with connection.cursor() as cursor:
        for sql, parameters in queries:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", parameters)
            told = "\n".join(line for (line,) in cursor.fetchall())
            spent += sum(float(found) for found in re.findall(r"(?:Planning|Execution) Time: ([\d.]+)", told))
    return spent


class Browser:
    """Somebody who is logged in, on one connection that stays open."""

    def __init__(self, address: str, web: psutil.Process) -> None:
        self._web = web
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc)
        self._cookies: dict[str, str] = {}
        page = self.get("/login")
        [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[:1]
        self._ask(
            "POST", "/login", urlencode({"username": "reader", "password": PASSWORD, "csrfmiddlewaretoken": token})
        )

    def get(self, path: str) -> str:
        """The page at a path."""
        return self._ask("GET", path, None)

    def timed(self, path: str) -> tuple[float, float]:
        """Milliseconds until a page is there, and of a processor that the web process took for it."""
        began, before = time.perf_counter(), sum(self._web.cpu_times()[:2])
        self.get(path)
        return (time.perf_counter() - began) * 1000, (sum(self._web.cpu_times()[:2]) - before) * 1000

    def _ask(self, method: str, path: str, body: str | None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        text = answer.read().decode()
        assert answer.status < 400, f"{path}: {answer.status}"
        return text


def figures(where: str, times: list[float]) -> dict[str, float]:
    """The least, which is what it takes when nothing else wants the processor, the median, and the 95th percentile."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    named = {"least": ordered[0], "p50": ordered[len(ordered) // 2], "p95": p95}
    return {f"{where} {name}": round(value, 1) for name, value in named.items()}


def served(folder: Path, incidents: int) -> running.Tocsin:
    """A server whose history is that long; it is written where there is none yet."""
    is_new = not (folder / "password").exists()
    server = running.start(folder)
    if is_new:
        secret = folder / "password"
        secret.write_text(PASSWORD)
        server.command("user", "add", "reader", "--password-file", str(secret))
        history.write(_url(server), incidents)
    return server


def _url(server: running.Tocsin) -> str:
    url = running_url(server.folder)
    assert url is not None, "the database is not running"
    return url


def _web(server: running.Tocsin) -> psutil.Process:
    children = psutil.Process(server.process.pid).children()
    [web] = [one for one in children if "web" in one.cmdline()]
    return web


def _path(query: str, after: str) -> str:
    return f"/?q={quote_plus(query)}" + (f"&after={after}" if after else "")


def report(server: running.Tocsin, rounds: int) -> Iterator[dict[str, object]]:
    """A row a case: milliseconds."""
    middle = server.rows("SELECT max(id) / 2 FROM incidents_incident")[0][0]
    ask = asking(_url(server))
    database = measured(partial(in_database, ask), rounds, middle)
    itself = measured(partial(by_itself, ask), rounds, middle)
    browser = Browser(server.address, _web(server))  # now: a server closes connections on which nothing is asked
    pages = measured(lambda query, after: browser.timed(_path(query, after)), rounds, middle)
    for name in CASES:
        row = {"case": name, "PostgreSQL by itself": round(min(itself[name]), 1), **figures("database", database[name])}
        yield row | _of_pages(pages[name])
    numbers = range(middle, middle + 20 * rounds)
    opened = [browser.timed(f"/incidents/{number}") for number in numbers]
    yield {"case": "an incident's page", **_of_pages(opened)}


def _of_pages(timed: list[tuple[float, float]]) -> dict[str, float]:
    times, processor = zip(*timed, strict=True)
    return {**figures("socket", list(times)), "processor": round(sum(processor) / len(processor), 1)}


def main() -> None:
    """Prints a JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="a folder that keeps the server's data")
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        server = served(asked.folder or Path(temporary), asked.incidents)
        try:
            for row in report(server, asked.rounds):
                print(json.dumps(row), flush=True)
        finally:
            server.process.terminate()
            server.process.wait()


if __name__ == "__main__":
    main()
