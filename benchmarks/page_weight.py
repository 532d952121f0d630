"""How many bytes the first visit of each page brings, and how much it moves while it appears: `python -m benchmarks.page_weight`.

    tocsin demo --data-dir /tmp/demo --port 8080          in another terminal
    python -m benchmarks.page_weight http://127.0.0.1:8080 demo PASSWORD / /incidents/1 /services

A new browser profile for each page, so that nothing is cached; bytes as they went over the wire, headers included. Layout shift
is the browser's own measure (CLS), also over one live update.
"""

from __future__ import annotations

import argparse
import shutil
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

WANTED_KB = 150
SHIFTS = """window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});"""
LOOK_AGAIN = "document.querySelectorAll('[hx-trigger=changed]').forEach((part) => htmx.trigger(part, 'changed'))"


def log_in(page: Page, address: str, user: str, password: str) -> None:
    """Signs in by the form."""
    page.goto(f"{address}/login")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))


def weigh(browser: Browser, cookies: list[Any], url: str) -> tuple[float, int, float]:
    """A page's kilobytes, its requests and its layout shift."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies(cookies)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    page.goto(url)
    page.wait_for_timeout(700)
    kilobytes, requests = sum(sizes) / 1000, len(sizes)
    page.evaluate(LOOK_AGAIN)
    page.wait_for_timeout(700)
    shifted = page.evaluate("window.shifted")
    context.close()
    return kilobytes, requests, shifted


def main() -> None:
    """Prints a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("user")
    parser.add_argument("password")
    parser.add_argument("page", nargs="+")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context()
        log_in(context.new_page(), given.address, given.user, given.password)
        for path in given.page:
            kilobytes, requests, shifted = weigh(browser, context.cookies(), given.address + path)
            share = kilobytes / WANTED_KB
            print(
                f"{path:40} {kilobytes:7.1f} kB ({share:4.0%} of {WANTED_KB}) in {requests:2} requests, shift {shifted:.3f}"
            )
        browser.close()


if __name__ == "__main__":
    main()
