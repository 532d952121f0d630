"""A status page for programs: Atom (RFC 4287), JSON Feed 1.1, its state as JSON, maintenance as iCalendar (RFC 5545). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils.feedgenerator import Atom1Feed
from icalendar import Calendar, Event

from tocsin.web.status.public import PublicIncident, PublicMaintenance, PublicPage
from tocsin.web.status.words import headline

_PRODUCT = "-//Tocsin//Status page//EN"


class _Atom(Atom1Feed):
    """An Atom feed that was updated when its page was, and not when it happens to be written."""

    def __init__(self, page: PublicPage) -> None:
        super().__init__(
            title=page.title,
            link=page.url,
            description=page.about,
            feed_url=f"{page.url}/feed.atom",
            language="en",
        )
        self._told = max([*(told for told, _ in _entries(page)), *([page.now] if not _entries(page) else [])])

    def latest_post_date(self) -> datetime:
        """When something was last said."""
        return self._told


def atom(page: PublicPage) -> bytes:
    """Incidents and maintenance, what was last told of first."""
    feed = _Atom(page)
    for told_at, entry in _entries(page):
        feed.add_item(
            title=entry["title"],
            link=entry["url"],
            description=entry["content_text"],
            unique_id=entry["id"],
            pubdate=entry["published"],
            updateddate=told_at,
        )
    return str(feed.writeString("utf-8")).encode()


def json_feed(page: PublicPage) -> bytes:
    """The same as `atom`."""
    items = [
        {
            **{name: entry[name] for name in ("id", "url", "title", "content_text")},
            "date_published": entry["published"],
            "date_modified": told_at,
        }
        for told_at, entry in _entries(page)
    ]
    return msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": page.title,
            "home_page_url": page.url,
            "feed_url": f"{page.url}/feed.json",
            "description": page.about,
            "language": "en",
            "items": items,
        }
    )


def summary(page: PublicPage) -> bytes:
    """How everything is now: the page, its components, incidents that last, and maintenance that is not over."""
    components = [
        {"name": c.name, "group": c.group, "state": c.state, "uptime_90_days": c.uptime} for c in page.components
    ]
    works = [
        {
            "title": work.title,
            "stage": work.stage,
            "starts_at": work.starts_at,
            "ends_at": work.ends_at,
            "components": work.components,
        }
        for work in [*page.under_way, *page.coming]
    ]
    return msgspec.json.encode(
        {
            "page": {"title": page.title, "url": page.url, "as_of": page.now},
            "status": {"state": page.state, "description": headline(page)},
            "components": components,
            "incidents": [_incident(page, incident) for incident in page.open],
            "maintenance": works,
        }
    )


def calendar(page: PublicPage) -> bytes:
    """Maintenance, that which was called off as cancelled."""
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("name", page.title)
    made.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for work in page.maintenances:
        made.add_component(_event(page, work))
    return bytes(made.to_ical())


def _event(page: PublicPage, work: PublicMaintenance) -> Event:
    event = Event()
    event.add("uid", f"{work.key}@tocsin-status")
    event.add("dtstamp", work.told_at)
    event.add("dtstart", work.starts_at)
    event.add("dtend", work.ends_at)
    event.add("summary", work.title)
    event.add("description", "\n\n".join(filter(None, [work.text, ", ".join(work.components)])))
    event.add("url", page.url)
    event.add("status", "CANCELLED" if work.stage == "called off" else "CONFIRMED")
    return event


def _entries(page: PublicPage) -> list[tuple[datetime, dict[str, Any]]]:
    """What both feeds hold, with when it was last told of, the newest first."""
    incidents = [(i.told_at, _incident_entry(page, i)) for i in page.incidents]
    works = [(w.told_at, _maintenance_entry(page, w)) for w in page.maintenances]
    return sorted(incidents + works, key=lambda entry: entry[0], reverse=True)


def _incident_entry(page: PublicPage, incident: PublicIncident) -> dict[str, Any]:
    url = f"{page.url}/incidents/{incident.key}"
    told = [f"{u.moment.capitalize()}, {u.at:%Y-%m-%d %H:%M} UTC: {u.text}" for u in incident.updates]
    return {
        "id": f"urn:tocsin:status:{incident.key}",
        "url": url,
        "title": f"{incident.title} ({incident.updates[0].moment})",
        "content_text": "\n\n".join(told),
        "published": incident.updates[-1].at,
    }


def _maintenance_entry(page: PublicPage, work: PublicMaintenance) -> dict[str, Any]:
    when = f"{work.starts_at:%Y-%m-%d %H:%M} to {work.ends_at:%Y-%m-%d %H:%M} UTC"
    return {
        "id": f"urn:tocsin:status:{work.key}",
        "url": f"{page.url}/history#maintenance-{work.key}",
        "title": f"{work.title} (maintenance, {work.stage})",
        "content_text": "\n\n".join(filter(None, [when, work.text, ", ".join(work.components)])),
        "published": work.told_at,
    }


def _incident(page: PublicPage, incident: PublicIncident) -> dict[str, Any]:
    return {
        "title": incident.title,
        "url": f"{page.url}/incidents/{incident.key}",
        "impact": incident.impact,
        "moment": incident.updates[0].moment,
        "began_at": incident.began_at,
        "told_at": incident.told_at,
        "next_update_at": incident.next_update_at,
        "text": incident.updates[0].text,
        "components": [{"name": name, "state": state} for name, state in incident.components],
    }
