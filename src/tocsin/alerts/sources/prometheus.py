"""Prometheus itself, which pushes alerts as to an Alertmanager, API version 2.

https://prometheus.io/docs/alerting/latest/alerts_api/. The labels are an alert's identity. It fires until `endsAt`, which
lies in the future and is put off with each of the repeats that Prometheus sends every minute; once it has resolved, or
when Prometheus falls silent, that time passes. Without `endsAt` an alert fires until one comes with a past one.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tocsin.alerts.parsed import (
    UNREADABLE,
    BadPayload,
    Parsed,
    ParsedAlert,
    clean,
    each,
    identity_of,
    rfc3339,
    without_nul,
)

EXAMPLE = b"""[
  {
    "labels": {"alertname": "TargetDown", "namespace": "shop", "service": "cart", "severity": "critical"},
    "annotations": {"summary": "No replica of cart answers.", "runbook_url": "https://runbooks.example/targetdown"},
    "startsAt": "2026-03-01T02:58:11.101Z",
    "endsAt": "2026-03-01T03:02:41.101Z",
    "generatorURL": "http://prometheus.example:9090/graph?g0.expr=up"
  }
]"""
SIGNATURE = None


class _Alert(msgspec.Struct):
    labels: dict[str, Any]
    annotations: dict[str, Any] | None = None
    startsAt: str | None = None  # noqa: N815  # the format's own names
    endsAt: str | None = None  # noqa: N815
    generatorURL: str | None = None  # noqa: N815


_decoder = msgspec.json.Decoder(list[_Alert])
_raw = msgspec.json.Decoder(list[msgspec.Raw])
_one = msgspec.json.Decoder(_Alert)


def parse(body: bytes) -> Parsed:
    """The alerts of a push. Raises BadPayload."""
    try:
        return each(_decoder.decode(body), _alert)
    except msgspec.ValidationError as error:
        return each(_listed(body, error), lambda raw: _alert(_one.decode(raw)))
    except UNREADABLE as error:
        raise BadPayload(f"not a list of alerts as Prometheus sends it: {error}") from error


def _listed(body: bytes, why: msgspec.ValidationError) -> list[msgspec.Raw]:
    """The alerts one by one, since one of them is wrong. Raises BadPayload for what is no list."""
    try:
        return _raw.decode(body)
    except UNREADABLE:
        raise BadPayload(f"not a list of alerts as Prometheus sends it: {why}") from why


def _alert(alert: _Alert) -> ParsedAlert:
    labels, annotations = clean(alert.labels), clean(alert.annotations or {})
    if not labels:
        raise BadPayload("an alert without labels: they are its identity")
    links = {"graph": without_nul(alert.generatorURL or ""), "runbook": annotations.get("runbook_url", "")}
    return ParsedAlert(
        identity=identity_of(labels),
        title=labels.get("alertname") or "unnamed alert",
        firing=True,
        starts_at=rfc3339(alert.startsAt or ""),
        expires_at=rfc3339(alert.endsAt or ""),
        description=annotations.get("description") or annotations.get("summary") or annotations.get("message", ""),
        severity=labels.get("severity", ""),
        labels=labels,
        annotations=annotations,
        links={name: url for name, url in links.items() if url.startswith(("http://", "https://"))},
    )
