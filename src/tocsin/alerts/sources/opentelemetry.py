"""OpenTelemetry: log records of severity ERROR or worse, as OTLP over HTTP in JSON.

https://opentelemetry.io/docs/specs/otlp/#otlphttp. Each is an event; nothing tells of its end. Its identity is the service,
the instrumentation scope, and the event's name, the exception's type, or the words without their numbers. Milder records,
metrics and spans are taken and say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import Object, an_object, first, identity, labels, objects, read_object, text, title, when

EXAMPLE = b"""{
  "resourceLogs": [
    {
      "resource": {"attributes": [
        {"key": "service.name", "value": {"stringValue": "cart"}},
        {"key": "k8s.namespace.name", "value": {"stringValue": "shop"}}
      ]},
      "scopeLogs": [
        {
          "scope": {"name": "shop.cart"},
          "logRecords": [
            {
              "timeUnixNano": "1772333891101000000",
              "severityNumber": 17,
              "severityText": "ERROR",
              "body": {"stringValue": "no connection to cart-db within 5 s"},
              "attributes": [{"key": "exception.type", "value": {"stringValue": "TimeoutError"}}]
            }
          ]
        }
      ]
    }
  ]
}"""
SIGNATURE = None

WHAT = "an export of OpenTelemetry"
# https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
_ERROR = 17
_WORDS = (("FATAL", 21), ("ERROR", 17))
_OTHERS = {"resourceMetrics": "metrics", "resourceSpans": "spans"}
# Numbers, and the hexadecimal of ids and addresses.
_VARIES = re.compile(r"\b(?:0x)?(?=[0-9a-f-]*\d)[0-9a-f-]+\b|\d+", re.IGNORECASE)
_VALUES = ("stringValue", "boolValue", "intValue", "doubleValue")


def parse(body: bytes) -> Parsed:
    """The errors among the log records, each kind once. Raises BadPayload."""
    payload = read_object(body, WHAT)
    if isinstance(payload.get("resourceLogs"), list):
        found = {alert.identity: alert for alert in _errors(payload)}
        return Parsed(tuple(found.values()), note="" if found else "no log record is an error or worse")
    for name, what in _OTHERS.items():
        if isinstance(payload.get(name), list):
            return Parsed((), note=f"{what} are nothing to alert about")
    raise BadPayload(f"not {WHAT}: it has neither resourceLogs, resourceMetrics nor resourceSpans")


def _errors(payload: Object) -> Iterator[ParsedAlert]:
    for of_resource in objects(payload, "resourceLogs"):
        resource = _attributes(an_object(of_resource, "resource"))
        for of_scope in objects(of_resource, "scopeLogs"):
            scope = text(of_scope, "scope", "name")
            for record in objects(of_scope, "logRecords"):
                if _severity(record) >= _ERROR:
                    yield _alert(record, scope, resource)


def _severity(record: Object) -> int:
    """The severity's number; from its words where there is none."""
    number, word = text(record, "severityNumber"), first(record.get("severityText"), record.get("severityNumber"))
    if number.isdecimal() and len(number) < 4 and int(number):
        return int(number)
    return next((least for name, least in _WORDS if name in word.upper()), 0)


def _alert(record: Object, scope: str, resource: dict[str, str]) -> ParsedAlert:
    said = _attributes(record)
    words = _value(an_object(record, "body"))
    event = first(record.get("eventName"), said.get("event.name"))
    kind = said.get("exception.type", "")
    name = title(words, said.get("exception.message"), event, kind, "a log record without words")
    key = first(event, kind) or _VARIES.sub("#", name)
    service = first(resource.get("service.name"), resource.get("k8s.deployment.name"))
    return ParsedAlert(
        identity=identity(resource.get("service.namespace", ""), service, scope, key),
        title=name,
        firing=True,
        starts_at=when(record, "timeUnixNano") or when(record, "observedTimeUnixNano"),
        description=first(said.get("exception.stacktrace"), said.get("exception.message"), words),
        severity=first(record.get("severityText"), "error"),
        labels=labels(_without_trace({**said, **resource}), scope=scope),
        is_event=True,
    )


def _without_trace(said: dict[str, str]) -> dict[str, str]:
    """Attributes without the stack trace, which is no label."""
    return {name: value for name, value in said.items() if name != "exception.stacktrace"}


def _attributes(value: Object) -> dict[str, str]:
    return {
        key: said
        for pair in objects(value, "attributes")
        if (key := text(pair, "key")) and (said := _value(pair.get("value")))
    }


def _value(value: Any) -> str:
    """An attribute or body that is plain; lists and maps say nothing here."""
    plain = an_object(value)
    return first(*(plain.get(kind) for kind in _VALUES))
