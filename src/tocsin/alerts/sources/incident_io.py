"""incident.io: its alert events, as senders post them there, and its own webhooks about incidents.

https://docs.incident.io/api-reference/alert-events-v2/createhttp and https://docs.incident.io/api-reference/webhooks. An alert
event is known by its deduplication key and fires or is resolved. An incident is known by its id, and ends when its status
is of the category closed, declined, merged, canceled or learning.
"""

from __future__ import annotations

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import Object, an_object, at, first, identity, labels, links, read_object, text, title, when

EXAMPLE = b"""{
  "title": "Cart answers slowly",
  "description": "Half of all requests take over 2 s",
  "deduplication_key": "cart-latency",
  "status": "firing",
  "source_url": "https://watch.example/cart-latency",
  "metadata": {"service": "cart", "namespace": "shop", "severity": "high"}
}"""
SIGNATURE = None

WHAT = "an alert event or webhook of incident.io"
_OVER = {"closed", "declined", "merged", "canceled", "learning"}


def parse(body: bytes) -> Parsed:
    """The alert or the incident that is told of. Raises BadPayload."""
    payload = read_object(body, WHAT)
    kind = text(payload, "event_type")
    if kind:
        told = an_object(payload, kind)
        incident = an_object(told, "incident") or told
        if "incident." not in kind or not text(incident, "incident_status", "category"):
            return Parsed((), note=f"“{kind}” does not change whether an incident goes on")
        return Parsed((_incident(incident),))
    return Parsed((_alert(payload),))


def _alert(payload: Object) -> ParsedAlert:
    name, status = title(payload.get("title")), text(payload, "status")
    if not name or status not in {"firing", "resolved"}:
        raise BadPayload(f"not {WHAT}: it needs a title, and a status that is firing or resolved")
    metadata = an_object(payload, "metadata")
    return ParsedAlert(
        identity=first(payload.get("deduplication_key"), identity("title", name)),
        title=name,
        firing=status == "firing",
        description=text(payload, "description"),
        severity=first(metadata.get("severity"), metadata.get("priority")),
        labels=labels(metadata),
        links=links(source=payload.get("source_url")),
    )


def _incident(incident: Object) -> ParsedAlert:
    key, name = text(incident, "id"), title(incident.get("name"), incident.get("reference"))
    if not key or not name:
        raise BadPayload("an incident without its id or name")
    firing = text(incident, "incident_status", "category") not in _OVER
    return ParsedAlert(
        identity=identity("incident", key),
        title=name,
        firing=firing,
        starts_at=when(incident, "created_at"),
        ends_at=None if firing else when(incident, "updated_at"),
        description=text(incident, "summary"),
        severity=first(at(incident, "severity", "name")),
        labels=labels({}, incident=incident.get("reference"), status=at(incident, "incident_status", "name")),
        links=links(incident=incident.get("permalink")),
    )
