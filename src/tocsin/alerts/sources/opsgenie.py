"""What can call Opsgenie can send here: its alert API (create, close, acknowledge, delete); and Opsgenie's own webhooks.

https://docs.opsgenie.com/docs/alert-api. The alias is the identity, or the message where there is none. Creating fires,
closing and deleting resolve, and acknowledging says that somebody has taken the alert on.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

import msgspec

from tocsin.alerts.arrival import Arrival
from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import Object, an_object, first, labels, links, objects, read_object, tags, text, title, when

EXAMPLE = b"""{
  "message": "Disk of cart-db is 95 % full",
  "alias": "cart/disk",
  "description": "2 GB are free.",
  "responders": [{"type": "team", "name": "shop"}],
  "tags": ["disk", "database"],
  "details": {"namespace": "shop", "region": "eu"},
  "entity": "cart-db",
  "source": "disk watch",
  "priority": "P2"
}"""
SIGNATURE = None
BUSY = 429  # what Opsgenie itself answers, and its clients wait for

WHAT = "a request to Opsgenie's alert API"
# …/alerts/IDENTIFIER/ACTION; without an action the alert itself is deleted.
_PATH = re.compile(r"/alerts/(?P<alias>[^/]+)(?:/(?P<action>[a-z]+))?/?$")
_RESOLVES = {"close", "delete"}
_FIRES = {"create", "unacknowledge", "escalate"}


def enveloped(arrival: Arrival) -> bytes:
    """The request's body with what the path says: the alias, and what shall become of the alert."""
    found = _PATH.search(arrival.path)
    if found is None:
        return arrival.body
    body = read_object(arrival.body or b"{}", WHAT)
    return msgspec.json.encode(body | {"alias": unquote(found["alias"]), "action": found["action"] or "delete"})


def parse(body: bytes) -> Parsed:
    """The alert that a request creates or changes, or that a webhook tells of. Raises BadPayload."""
    payload = read_object(body, WHAT)
    action = text(payload, "action").lower() or "create"
    alert = an_object(payload, "alert") or payload
    if action == "acknowledge" or action in _RESOLVES | _FIRES:
        return Parsed((_alert(alert, action),))
    return Parsed((), note=f"“{action}” does not change whether an alert goes on")


def _alert(alert: Object, action: str) -> ParsedAlert:
    message = title(alert.get("message"))
    alias = first(alert.get("alias"), alert.get("alertId"), message)
    if not alias or (action == "create" and not message):
        raise BadPayload("'message' can not be empty" if alias or action == "create" else "the alert has no alias")
    said = alert.get("tags")
    firing = action not in _RESOLVES
    return ParsedAlert(
        identity=alias,
        title=message if action in _FIRES else "",  # Opsgenie tells details of what it creates alone
        firing=firing,
        starts_at=when(alert, "createdAt"),
        description=text(alert, "description"),
        severity=text(alert, "priority"),
        labels=labels(
            {**(tags(said) if isinstance(said, list) else {}), **an_object(alert, "details")},
            entity=alert.get("entity"),
            source=alert.get("source"),
            team=", ".join(filter(None, (text(one, "name") for one in objects(alert, "responders")))),
        ),
        links=links(source=alert.get("source")),
        acknowledged=action == "acknowledge",
    )
