"""What can page PagerDuty can send here: events of its Events API, version 2, and of the older version 1.

https://developer.pagerduty.com/docs/send-alert-event. `dedup_key` is the identity; without one, what the event is about.
A trigger fires, a resolve resolves, and an acknowledge says that somebody has taken the alert on. Change events are
taken, and call nobody.
"""

from __future__ import annotations

import hashlib
import re

import msgspec

from tocsin.alerts.arrival import Arrival
from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import (
    Object,
    an_object,
    at,
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
  "event_action": "trigger",
  "dedup_key": "cart/disk",
  "payload": {
    "summary": "Disk of cart-db is 95 % full",
    "source": "cart-db.example",
    "severity": "critical",
    "timestamp": "2026-03-01T02:58:11.101+0000",
    "component": "postgresql",
    "group": "shop",
    "class": "disk",
    "custom_details": {"free": "2 GB", "namespace": "shop"}
  },
  "client": "Disk watch",
  "client_url": "https://watch.example/cart-db",
  "links": [{"href": "https://runbooks.example/disk", "text": "Runbook"}]
}"""
SIGNATURE = None
BUSY = 429  # what PagerDuty itself answers, and its clients wait for

WHAT = "an event of PagerDuty's Events API"
_ACTIONS = {"trigger", "acknowledge", "resolve"}
_SEVERITIES = {"critical", "error", "warning", "info"}
# The address of PagerDuty to which changes are sent.
CHANGES = "/change/enqueue"
# A line by which an Alertmanager tells a label: " - namespace = shop".
_LABEL = re.compile(r"^ - (\w+) = (.*)$", re.MULTILINE)
_KEYS = ("routing_key", "service_key")


def enveloped(arrival: Arrival) -> bytes:
    """The event without the key that stands in it instead of in the address; one for a change says so."""
    try:
        event = read_object(arrival.body, WHAT)
    except BadPayload:
        return arrival.body
    kept = {name: value for name, value in event.items() if name not in _KEYS}
    if arrival.path.endswith(CHANGES):
        kept["event_action"] = "change"
    return msgspec.json.encode(kept)


def parse(body: bytes) -> Parsed:
    """The alert of an event. Raises BadPayload with what is wrong in PagerDuty's words, "; " between them."""
    event = read_object(body, WHAT)
    if event.get("event_action") == "change":
        return Parsed((), note="a change event is nothing to alert about")
    action = first(event.get("event_action"), event.get("event_type"))
    payload = an_object(event, "payload") or _of_version_1(event)
    key = first(event.get("dedup_key"), event.get("incident_key"))
    wrong = list(_wrong(event, action, payload, key))
    if wrong:
        raise BadPayload("; ".join(wrong))
    if action == "trigger":
        return Parsed((_triggered(event, payload, key or _key_of(payload)),))
    return Parsed((ParsedAlert(key, "", firing=action == "acknowledge", acknowledged=action == "acknowledge"),))


def _of_version_1(event: Object) -> Object:
    """What an event of version 1 says, as version 2 says it; it names neither source nor severity."""
    if "event_type" not in event:
        return {}
    return {
        "summary": event.get("description"),
        "source": first(event.get("client"), "unknown"),
        "severity": "error",
        "custom_details": event.get("details"),
    }


def _wrong(event: Object, action: str, payload: Object, key: str) -> list[str]:
    if action not in _ACTIONS:
        return ["'event_action' is missing or is not one of 'trigger', 'acknowledge', or 'resolve'"]
    if action != "trigger":
        return [] if key else [f"'dedup_key' is missing or blank, and is required to {action}"]
    if not payload:
        return ["'payload' is missing or blank"]
    missing = [f"'payload.{name}' is missing or blank" for name in ("summary", "source") if not text(payload, name)]
    if text(payload, "severity") not in _SEVERITIES:
        missing.append("'payload.severity' is missing or is not one of 'critical', 'error', 'warning', 'info'")
    return missing


def _key_of(payload: Object) -> str:
    """The key of an event that comes without one, by what it is about; its sender is told it, and may resolve with it."""
    about = identity(*(text(payload, name) for name in ("summary", "source", "component", "group", "class")))
    return hashlib.sha256(about.encode()).hexdigest()[:32]


def _triggered(event: Object, payload: Object, key: str) -> ParsedAlert:
    details = payload.get("custom_details")
    named = {
        title(link.get("text"), f"link {i}"): link.get("href") for i, link in enumerate(objects(event, "links"), 1)
    }
    shown = {f"image {i}": image.get("src") for i, image in enumerate(objects(event, "images"), 1)}
    return ParsedAlert(
        identity=key,
        title=title(payload.get("summary")),
        firing=True,
        starts_at=when(payload, "timestamp"),
        description=first(details, at(details, "firing")),
        severity=text(payload, "severity"),
        labels=labels(
            {**_listed(text(details, "firing")), **an_object(details)},
            source=payload.get("source"),
            component=payload.get("component"),
            group=payload.get("group"),
            client=event.get("client"),
            **{"class": payload.get("class")},
        ),
        links=links(**{"client": event.get("client_url"), **named, **shown}),
    )


def _listed(alerts: str) -> dict[str, str]:
    """The labels that all alerts share in the text with which an Alertmanager lists them."""
    blocks = [block.partition("Annotations:")[0] for block in alerts.split("Labels:")[1:]]
    shared = [set(_LABEL.findall(block)) for block in blocks]
    return dict(set.intersection(*shared)) if shared else {}
