"""PagerDuty's webhooks, version 3: what happens to incidents there. Versions 2 and 1 are understood too.

https://developer.pagerduty.com/docs/webhooks-overview. The incident's id is the identity, and its status the state:
triggered fires, acknowledged says that somebody has taken it on, resolved resolves. Events of other things are taken and
say nothing. Version 3 is signed with HMAC-SHA256.
"""

from __future__ import annotations

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert, each
from tocsin.alerts.reading import Object, an_object, at, first, identity, labels, links, read_object, text, title, when
from tocsin.alerts.verify import Signature

EXAMPLE = b"""{
  "event": {
    "id": "01FEXAMPLE0000000000000001",
    "event_type": "incident.triggered",
    "resource_type": "incident",
    "occurred_at": "2026-03-01T02:58:11.101Z",
    "agent": null,
    "data": {
      "id": "Q1EXAMPLE",
      "type": "incident",
      "html_url": "https://acme.pagerduty.com/incidents/Q1EXAMPLE",
      "number": 815,
      "status": "triggered",
      "incident_key": "cart/disk",
      "created_at": "2026-03-01T02:58:11Z",
      "title": "Disk of cart-db is 95 % full",
      "service": {"id": "PCART", "summary": "cart", "html_url": "https://acme.pagerduty.com/services/PCART"},
      "priority": {"id": "P2", "summary": "P2"},
      "urgency": "high"
    }
  }
}"""
SIGNATURE = Signature("X-PagerDuty-Signature", "sha256", "v1=")

WHAT = "a PagerDuty webhook"
_STATUSES = {"triggered", "acknowledged", "resolved"}
# What an event's last word makes of an incident whose own status is of before.
_BECOMES = {
    "trigger": "triggered",
    "acknowledge": "acknowledged",
    "resolve": "resolved",
    "unacknowledge": "triggered",
    "reopened": "triggered",
    "unacknowledged": "triggered",
    **{status: status for status in _STATUSES},
}


def parse(body: bytes) -> Parsed:
    """The incident that a webhook tells of; several in versions 1 and 2. Raises BadPayload."""
    payload = read_object(body, WHAT)
    if isinstance(payload.get("messages"), list):
        return each(payload["messages"], _old)
    event = an_object(payload, "event")
    kind = text(event, "event_type")
    if not kind:
        raise BadPayload(f"not {WHAT}: it has neither an event nor messages")
    incident = an_object(event, "data")
    if not kind.startswith("incident.") or text(incident, "type") != "incident":
        return Parsed((), note=f"“{kind}” does not change whether an incident goes on")
    return Parsed((_incident(incident, kind, text(event, "occurred_at")),))


def _old(message: object) -> ParsedAlert:
    """Of a message of version 2 ({event, incident}) or 1 ({type, data: {incident}})."""
    incident = an_object(message, "incident") or an_object(message, "data", "incident")
    return _incident(incident, first(at(message, "event"), at(message, "type")), text(message, "created_on"))


def _incident(incident: Object, event: str, at_time: str) -> ParsedAlert:
    status = _BECOMES.get(event.rpartition(".")[2], text(incident, "status"))
    key = text(incident, "id")
    if not key or status not in _STATUSES:
        raise BadPayload(
            f"incident “{key}” with status “{status}”: expected an id, and one of {', '.join(sorted(_STATUSES))}"
        )
    firing, service = status != "resolved", an_object(incident, "service")
    began = when(first(incident.get("created_at"), incident.get("created_on"), at_time))
    return ParsedAlert(
        identity=identity("incident", key),
        title=title(
            incident.get("title"),
            incident.get("summary"),
            at(incident, "trigger_summary_data", "subject"),
            at(incident, "trigger_summary_data", "description"),
            f"incident {key}",
        ),
        firing=firing,
        starts_at=began,
        ends_at=None if firing else when(at_time),
        severity=first(at(incident, "priority", "summary"), at(incident, "priority", "name"), incident.get("urgency")),
        labels=labels(
            {},
            service=first(service.get("summary"), service.get("name")),
            incident=first(incident.get("number"), incident.get("incident_number")),
            key=incident.get("incident_key"),
        ),
        links=links(incident=incident.get("html_url"), service=service.get("html_url")),
        acknowledged=status == "acknowledged",
    )
