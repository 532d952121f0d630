"""Pingdom: webhooks of uptime and transaction checks.

https://www.pingdom.com/resources/webhooks/. The check's id is the identity. DOWN and FAILING fire, UP and SUCCESS resolve;
any other state, such as UNKNOWN, changes nothing.
"""

from __future__ import annotations

from typing import Any

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import Object, an_object, first, identity, labels, links, read_object, text, title, when

EXAMPLE = b"""{
  "version": 1,
  "check_id": 4711,
  "check_name": "Shop",
  "check_type": "HTTP",
  "check_params": {"hostname": "shop.example", "full_url": "https://shop.example/", "port": 443},
  "tags": ["shop"],
  "previous_state": "UP",
  "current_state": "DOWN",
  "importance_level": "HIGH",
  "state_changed_timestamp": 1772333891,
  "state_changed_utc_time": "2026-03-01T02:58:11",
  "description": "HTTP Error 503",
  "long_description": "Service Unavailable",
  "first_probe": {"location": "Frankfurt, Germany"}
}"""
SIGNATURE = None
BUSY = None  # Pingdom does not say that it would send anything again

WHAT = "a Pingdom webhook"
_STATES = {"DOWN": True, "FAILING": True, "UP": False, "SUCCESS": False}


def parse(body: bytes) -> Parsed:
    """The check that changed its state. Raises BadPayload."""
    payload = read_object(body, WHAT)
    key, state = text(payload, "check_id"), text(payload, "current_state").upper()
    if not key or not state:
        raise BadPayload(f"not {WHAT}: it has no check_id or no current_state")
    name = title(payload.get("check_name"), f"check {key}")
    if state not in _STATES:
        return Parsed((), note=f"check “{name}” is {state}: whether it fails is not known, and nothing changes")
    return Parsed((_alert(payload, key, name, firing=_STATES[state]),))


def _alert(payload: Object, key: str, name: str, *, firing: bool) -> ParsedAlert:
    changed, checked = when(payload, "state_changed_timestamp"), an_object(payload, "check_params")
    return ParsedAlert(
        identity=identity("check", key),
        title=f"{name} is down" if text(payload, "check_type") != "TRANSACTION" else f"{name} fails",
        firing=firing,
        starts_at=changed if firing else None,
        ends_at=None if firing else changed,
        description=first(payload.get("long_description"), payload.get("description")),
        severity=text(payload, "importance_level"),
        labels=labels(
            {},
            check=name,
            url=first(checked.get("full_url"), checked.get("url"), checked.get("hostname")),
            probe=text(payload, "first_probe", "location"),
            tags=_listed(payload.get("tags")),
        ),
        links=links(checked=first(checked.get("full_url"), checked.get("url"))),
    )


def _listed(value: Any) -> str:
    return ",".join(filter(None, map(text, value))) if isinstance(value, list) else ""
