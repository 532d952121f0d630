"""A status page for programs."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from tests.web.status import pages
from tests.web.status.pages import HOUR, NOW
from tocsin.web.status import feeds
from tocsin.web.status.documents import documents

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_atom_feed_tells_the_latest_first() -> None:
    feed = ElementTree.fromstring(feeds.atom(pages.full_page()))
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles[0] == "Checkout fails (identified)"
    assert "Search is slow (resolved)" in titles
    assert feed.findtext(f"{ATOM}updated") == "2026-03-01T02:45:00+00:00"


def test_an_atom_feed_of_nothing_was_updated_with_its_page() -> None:
    feed = ElementTree.fromstring(feeds.atom(pages.page()))
    assert feed.findtext(f"{ATOM}updated") == NOW.isoformat()


def test_the_json_feed_says_the_same() -> None:
    feed = json.loads(feeds.json_feed(pages.full_page()))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][0]["url"] == f"https://shop.example/status/incidents/{pages.incident().key}"
    assert "Identified, 2026-03-01 02:45 UTC: We have found what it is." in feed["items"][0]["content_text"]


def test_the_summary_says_how_everything_is() -> None:
    told = json.loads(feeds.summary(pages.full_page()))
    assert told["status"] == {"state": "major outage", "description": "Major outage"}
    assert [c["state"] for c in told["components"]] == ["operational", "major outage", "degraded", "operational"]
    assert [i["title"] for i in told["incidents"]] == ["Checkout fails"]


@pytest.mark.parametrize(("stage", "status"), [("scheduled", "CONFIRMED"), ("called off", "CANCELLED")])
def test_maintenance_stands_in_a_calendar(stage: str, status: str) -> None:
    made = feeds.calendar(pages.page(maintenances=(pages.maintenance(stage),)))
    [event] = Calendar.from_ical(made).walk("VEVENT")
    assert (str(event["status"]), str(event["summary"])) == (status, "Larger database")
    assert event.decoded("dtend") - event.decoded("dtstart") == 2 * HOUR


def test_the_same_page_gives_the_same_bytes() -> None:
    assert documents(pages.full_page()) == documents(pages.full_page())


def test_everything_linked_is_there() -> None:
    made = documents(pages.full_page())
    for ending in ("", "/history", "/feed.atom", "/feed.json", "/summary.json", "/maintenance.ics"):
        assert f"/status{ending}" in made
    assert f"/status/incidents/{pages.incident().key}" in made
