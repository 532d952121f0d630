"""What two hundred open pages cost: `python -m benchmarks.open_pages ADDRESS USER PASSWORD INCIDENT PID`.

    tocsin demo --data-dir /tmp/demo --port 8080          in another terminal
    python -m benchmarks.open_pages http://127.0.0.1:8080 demo PASSWORD 1 PID-OF-THE-WEB-PROCESS

Each page holds a stream, as a browser does, and asks for what changed as soon as it is told, saying what it shows. Measured of
the web process: memory and processor time while nothing happens, and after a change that all of them show.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import re
import shutil
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

import psutil
from playwright.sync_api import sync_playwright

from benchmarks.page_weight import log_in

PAGES = 200
QUIET_S = 20.0
CHANGES = 5


@dataclass
class Pages:
    """Where the pages are, and how many have shown the last change."""

    host: str
    port: int
    cookie: str
    incident: int
    stamp: str
    shown: int = 0
    all_shown: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A request whose answer is yet to be read."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        head = f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nCookie: {self.cookie}\r\n"
        writer.write(f"{head}Accept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
        return reader, writer

    async def hold(self) -> None:
        """One page: a stream, and a look at what changed each time it tells of it."""
        reader, _ = await self.ask(f"/events?incident={self.incident}")
        shown = self.stamp
        async for line in reader:
            if line.startswith(b"event: changed"):
                shown = await self.look(shown)

    async def look(self, shown: str) -> str:
        """Asks for what changed since the page showed that; what it shows then."""
        reader, writer = await self.ask(f"/incidents/{self.incident}/live?shown={shown}")
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
        writer.close()
        self.shown += 1
        if self.shown >= PAGES:
            self.all_shown.set()
        head, _, body = answer.partition(b"\r\n\r\n")
        return stamp_in(gzip.decompress(body) if b"content-encoding: gzip" in head else body)


def stamp_in(html: bytes) -> str:
    """What a page says that it shows."""
    [stamp] = re.findall(rb'name="shown" value="([^"]*)"', html)
    return str(stamp, "ascii")


def change(address: str, cookies: dict[str, str], incident: int, text: str) -> None:
    """Adds a note, as the page's form does."""
    body = urllib.parse.urlencode({"text": text, "csrfmiddlewaretoken": cookies["csrftoken"]}).encode()
    said = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Referer": address}
    urllib.request.urlopen(urllib.request.Request(f"{address}/incidents/{incident}/notes", body, said)).close()


async def measure(address: str, cookies: dict[str, str], incident: int, process: psutil.Process) -> None:
    """Prints what the pages cost while they are quiet, and what a change costs."""
    place = urllib.parse.urlsplit(address)
    cookie = f"sessionid={cookies['sessionid']}"
    opened = urllib.request.Request(f"{address}/incidents/{incident}", headers={"Cookie": cookie})
    with urllib.request.urlopen(opened) as page:
        stamp = stamp_in(page.read())
    pages = Pages(place.hostname or "", place.port or 80, cookie, incident, stamp)
    before = process.memory_info().rss
    held = [asyncio.create_task(pages.hold()) for _ in range(PAGES)]
    await asyncio.sleep(5)
    used, began = sum(process.cpu_times()[:2]), time.perf_counter()
    await asyncio.sleep(QUIET_S)
    share = (sum(process.cpu_times()[:2]) - used) / (time.perf_counter() - began)
    memory = process.memory_info().rss
    each = (memory - before) / PAGES / 1000
    print(f"{PAGES} open pages: {each:.0f} kB each ({before >> 20} to {memory >> 20} MiB), {share:.1%} of a processor")
    for number in range(CHANGES):
        pages.shown = 0
        pages.all_shown.clear()
        used, began = sum(process.cpu_times()[:2]), time.perf_counter()
        await asyncio.to_thread(change, address, cookies, incident, f"seen by all, {number}")
        await asyncio.wait_for(pages.all_shown.wait(), 60)
        took, spent = time.perf_counter() - began, sum(process.cpu_times()[:2]) - used
        print(
            f"a change: on all {PAGES} after {took:.2f} s, {spent:.2f} s of a processor, {process.memory_info().rss >> 20} MiB"
        )
    for task in held:
        task.cancel()


def main() -> None:
    """Signs in once, and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, kind in (("address", str), ("user", str), ("password", str), ("incident", int), ("pid", int)):
        parser.add_argument(name, type=kind)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context()
        page = context.new_page()
        log_in(page, given.address, given.user, given.password)
        cookies = {one["name"]: one["value"] for one in context.cookies()}
        browser.close()
    asyncio.run(measure(given.address, cookies, given.incident, psutil.Process(given.pid)))


if __name__ == "__main__":
    main()
