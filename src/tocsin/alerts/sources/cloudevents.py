"""CloudEvents 1.0, whatever they are about: structured, in batches, or in binary mode with attributes in headers.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md. Each event is an alert: send here only those that
should call somebody. The identity is the source, what the type is about (its last word left off where that is a state),
and the subject. A last word such as resolved, recovered, closed or succeeded ends it, and so does such a `status`
or `state` in the data.
"""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import unquote

import msgspec

from tocsin.alerts.arrival import Arrival
from tocsin.alerts.parsed import UNREADABLE, BadPayload, Parsed, ParsedAlert, each
from tocsin.alerts.reading import Object, an_object, first, identity, labels, links, read_objects, text, title, when

EXAMPLE = b"""{
  "specversion": "1.0",
  "id": "3f0a",
  "type": "example.backup.failed",
  "source": "/backups/eu",
  "subject": "cart-db",
  "time": "2026-03-01T02:58:11Z",
  "datacontenttype": "application/json",
  "data": {"message": "no space left", "severity": "high", "namespace": "shop", "url": "https://backups.example/3f0a"}
}"""
SIGNATURE = None

WHAT = "a CloudEvent"
_ENDS = {"resolved", "recovered", "closed", "succeeded", "success", "ok", "healthy", "cleared", "inactive"}
_BEGINS = {"failed", "failure", "error", "firing", "fired", "triggered", "opened", "open", "started", "detected"}
_BEGINS |= {"created", "raised", "reported", "active", "degraded", "unhealthy", "alert", "alerting"}
_LAST_WORD = re.compile(r"[._/-]?(?P<word>[A-Za-z]+)(?:\.v?\d+)*$")
_ATTRIBUTES = {"specversion", "id", "type", "source", "subject", "time", "datacontenttype", "dataschema"}
_DATA = {"data", "data_base64"}
_HEADERS = "ce-"


def enveloped(arrival: Arrival) -> bytes:
    """An event of binary mode as one of structured mode; any other body as it is."""
    said = {name: unquote(value) for name, value in arrival.headers.items() if name.startswith(_HEADERS)}
    if not said:
        return arrival.body
    event: Object = {name.removeprefix(_HEADERS): value for name, value in said.items()}
    event["datacontenttype"] = arrival.headers.get("content-type", "application/json")
    return msgspec.json.encode(event | _data_of(arrival.body))


def _data_of(body: bytes) -> Object:
    if not body:
        return {}
    try:
        return {"data": msgspec.json.decode(body)}
    except UNREADABLE:
        pass
    try:
        return {"data": body.decode()}
    except UnicodeDecodeError:
        return {"data_base64": base64.b64encode(body).decode()}


def parse(body: bytes) -> Parsed:
    """The event, or those of a batch. Raises BadPayload."""
    return each(read_objects(body, WHAT), _event)


def _event(event: Any) -> ParsedAlert:
    said = event if isinstance(event, dict) else {}
    kind, source = text(said, "type"), text(said, "source")
    if not text(said, "specversion") or not kind or not source:
        raise BadPayload(f"not {WHAT}: it needs specversion, type and source")
    data = _data(said)
    facts = an_object(data)
    about, state = _split(kind)
    words = (text(facts, "status").lower(), text(facts, "state").lower(), state)
    firing = next((word in _BEGINS for word in words if word in _BEGINS | _ENDS), True)
    subject, time = text(said, "subject"), when(said, "time")
    extensions = {name: value for name, value in said.items() if name not in _ATTRIBUTES | _DATA}
    return ParsedAlert(
        identity=identity(source, about, subject),
        title=title(facts.get("title"), facts.get("summary"), f"{kind} of {subject}" if subject else kind),
        firing=firing,
        starts_at=time if firing else None,
        ends_at=None if firing else time,
        description=first(facts.get("description"), facts.get("message"), facts.get("detail"), data),
        severity=first(facts.get("severity"), said.get("severity"), facts.get("priority")),
        labels=labels({**facts, **extensions}, type=kind, source=source, subject=subject),
        links=links(event=facts.get("url"), link=facts.get("link"), source=source),
        is_event=True,
    )


def _split(kind: str) -> tuple[str, str]:
    """What a type is about, and its last word where that is a state: example.backup, failed."""
    found = _LAST_WORD.search(kind)
    word = found["word"].lower() if found else ""
    if found is None or word not in _ENDS | _BEGINS:
        return kind, ""
    return kind[: found.start()], word


def _data(said: Object) -> Any:
    """The data, decoded where it is JSON in base64."""
    packed = said.get("data_base64")
    if not isinstance(packed, str):
        return said.get("data")
    try:
        return msgspec.json.decode(base64.b64decode(packed, validate=True))
    except (ValueError, *UNREADABLE):
        return None
