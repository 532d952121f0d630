"""How long after somebody acts a second browser shows it: `python -m benchmarks.latency ADDRESS USER PASSWORD INCIDENT`.

    tocsin demo --data-dir /tmp/demo --port 8080          in another terminal
    python -m benchmarks.latency http://127.0.0.1:8080 demo PASSWORD 1

One browser sends a note, another has the incident's page open and notes when the words are painted: from the click to the other
screen, through transaction, notification, stream, fetching what changed and drawing it. Both browsers and the server share this
machine, and its processors.
"""

from __future__ import annotations

import argparse
import shutil
import time

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.page_weight import log_in

WANTED_MS = 300
EVENTS = 120
# Noted in the next frame after the words are in the document: that frame paints them.
WATCH = """() => { window.seen = {}; new MutationObserver(() => {
  for (const [word] of document.getElementById("timeline").textContent.matchAll(/latency-probe-\\d+/g))
    if (!(word in seen)) { seen[word] = 0; requestAnimationFrame(() => { seen[word] = Date.now(); }); }
}).observe(document.body, {childList: true, subtree: true}); }"""
SEND = """async ([path, text]) => {
  const csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value, at = Date.now();
  const answer = await fetch(path, {method: "POST", redirect: "manual", body: new URLSearchParams({text, csrfmiddlewaretoken})});
  if (answer.type !== "opaqueredirect") throw new Error(`the note was refused: ${answer.status}`);
  return at;
}"""


def opened(browser: Browser, given: argparse.Namespace) -> Page:
    """The incident's page in a browser of its own."""
    page = browser.new_context().new_page()
    log_in(page, given.address, given.user, given.password)
    page.goto(f"{given.address}/incidents/{given.incident}")
    page.get_by_text("Live", exact=True).wait_for()
    return page


def measure(writer: Page, reader: Page, incident: int) -> list[float]:
    """Milliseconds from the click to the paint, of each event."""
    reader.evaluate(WATCH)
    run, found = int(time.time()), []
    for number in range(EVENTS):
        word = f"latency-probe-{run}{number:03}"
        sent = writer.evaluate(SEND, [f"/incidents/{incident}/notes", word])
        reader.wait_for_function("(word) => window.seen[word] > 0", arg=word, polling=20)
        found.append(reader.evaluate("(word) => window.seen[word]", word) - sent)
        time.sleep(0.1)
    return sorted(found)


def main() -> None:
    """Prints the median and the 95th percentile."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, kind in (("address", str), ("user", str), ("password", str), ("incident", int)):
        parser.add_argument(name, type=kind)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found = measure(opened(browser, given), opened(browser, given), given.incident)
        browser.close()
    half, most = found[len(found) // 2], found[int(len(found) * 0.95)]
    share = f"{most / WANTED_MS:.0%} of {WANTED_MS}"
    print(f"{len(found)} events: p50 {half:.0f} ms, p95 {most:.0f} ms ({share}), max {found[-1]:.0f} ms")


if __name__ == "__main__":
    main()
