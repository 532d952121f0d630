"""Atlassian Statuspage: that a vendor whose status page you subscribe to has an outage.

https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/. An incident is known by its id, and ends as
resolved, postmortem or completed; a component by its id, and ends as operational. Planned maintenance calls nobody.
"""

from __future__ import annotations

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import (
    Object,
    an_object,
    first,
    identity,
    labels,
    links,
    objects,
    read_object,
    text,
    title,
    when,
)

EXAMPLE = b"""{
  "meta": {"generated_at": "2026-03-01T02:58:12Z", "documentation": "https://help.statuspage.io"},
  "page": {"id": "pexample", "status_indicator": "major", "status_description": "Partial System Outage"},
  "incident": {
    "id": "iexample",
    "name": "Payments are delayed",
    "status": "investigating",
    "impact": "major",
    "shortlink": "https://stspg.example/iexample",
    "created_at": "2026-03-01T02:58:11.101Z",
    "resolved_at": null,
    "incident_updates": [{"body": "We are looking into it.", "created_at": "2026-03-01T02:58:11.101Z"}]
  }
}"""
SIGNATURE = None
BUSY = None  # Statuspage does not say that it would send anything again

WHAT = "a webhook of a status page"
_OVER = {"resolved", "postmortem", "completed"}
_PLANNED = {"scheduled", "in_progress", "verifying"}
_AS_IT_SHOULD = {"operational", "under_maintenance"}


def parse(body: bytes) -> Parsed:
    """The incident, or the component that changed. Raises BadPayload."""
    payload = read_object(body, WHAT)
    page, incident, component = (an_object(payload, name) for name in ("page", "incident", "component"))
    if text(incident, "id") and text(incident, "status") and title(incident.get("name")):
        return _incident(incident, page)
    if text(component, "id") and text(component, "status") and title(component.get("name")):
        return Parsed((_component(component, payload, page),))
    raise BadPayload(f"not {WHAT}: it has neither an incident nor a component with id, name and status")


def _incident(incident: Object, page: Object) -> Parsed:
    status, name = text(incident, "status"), title(incident.get("name"))
    if status in _PLANNED or text(incident, "impact") == "maintenance" or text(incident, "scheduled_for"):
        return Parsed((), note=f"“{name}” is planned maintenance, and nothing to alert about")
    firing, updates = status not in _OVER, objects(incident, "incident_updates")
    alert = ParsedAlert(
        identity=identity("incident", text(page, "id"), text(incident, "id")),
        title=name,
        firing=firing,
        starts_at=when(incident, "created_at"),
        ends_at=None if firing else when(incident, "resolved_at") or when(incident, "updated_at"),
        description=first(*(update.get("body") for update in updates)),
        severity=text(incident, "impact"),
        labels=labels({}, page=_page(page), status=status),
        links=links(incident=incident.get("shortlink"), page=page.get("url")),
    )
    return Parsed((alert,))


def _component(component: Object, payload: Object, page: Object) -> ParsedAlert:
    status, name = text(component, "status"), title(component.get("name"))
    changed, firing = when(payload, "component_update", "created_at"), status not in _AS_IT_SHOULD
    return ParsedAlert(
        identity=identity("component", text(page, "id"), text(component, "id")),
        title=f"{name}: {status.replace('_', ' ')}" if firing else name,
        firing=firing,
        starts_at=changed if firing else None,
        ends_at=None if firing else changed,
        description=first(component.get("description"), page.get("status_description")),
        severity=text(page, "status_indicator"),
        labels=labels({}, page=_page(page), component=name, status=status),
        links=links(page=page.get("url")),
    )


def _page(page: Object) -> str:
    return first(page.get("name"), page.get("id"))
