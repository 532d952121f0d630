"""Prometheus Alertmanager, webhook versions 4 and 3. https://prometheus.io/docs/alerting/latest/configuration/#webhook_config

Each alert carries its own fingerprint (in version 3 its labels are its identity) and its own status, firing or resolved;
the status of the group says nothing about one alert.
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

EXAMPLE = b"""{
  "version": "4",
  "groupKey": "{}:{alertname=\\"KubePodCrashLooping\\"}",
  "truncatedAlerts": 0,
  "status": "firing",
  "receiver": "tocsin",
  "groupLabels": {"alertname": "KubePodCrashLooping"},
  "commonLabels": {"alertname": "KubePodCrashLooping", "namespace": "shop", "severity": "warning"},
  "commonAnnotations": {"summary": "Pod is crash looping."},
  "externalURL": "http://alertmanager.example:9093",
  "alerts": [
    {
      "status": "firing",
      "labels": {"alertname": "KubePodCrashLooping", "namespace": "shop", "pod": "cart-7f9c4d-x2x9k", "severity": "warning"},
      "annotations": {"summary": "Pod is crash looping.", "runbook_url": "https://runbooks.example/crashlooping"},
      "startsAt": "2026-03-01T02:58:11.101Z",
      "endsAt": "0001-01-01T00:00:00Z",
      "generatorURL": "http://prometheus.example:9090/graph?g0.expr=up",
      "fingerprint": "d1a38c9f2f6f4f0a"
    },
    {
      "status": "resolved",
      "labels": {"alertname": "KubePodCrashLooping", "namespace": "shop", "pod": "web-5d8c9b-7hq2m", "severity": "warning"},
      "annotations": {"summary": "Pod is crash looping."},
      "startsAt": "2026-03-01T02:41:00Z",
      "endsAt": "2026-03-01T02:59:30Z",
      "generatorURL": "",
      "fingerprint": "0b7c2d1e99aa4411"
    }
  ]
}"""

SIGNATURE = None


class _Alert(msgspec.Struct):
    status: str
    labels: dict[str, Any]
    startsAt: str  # noqa: N815  # the format's own names
    endsAt: str = ""  # noqa: N815
    annotations: dict[str, Any] = {}
    generatorURL: str = ""  # noqa: N815
    fingerprint: str = ""


class _Payload(msgspec.Struct):
    alerts: list[_Alert]
    version: str = "4"
    externalURL: str = ""  # noqa: N815


class _Loose(msgspec.Struct):
    alerts: list[msgspec.Raw]
    version: str = "4"
    externalURL: str = ""  # noqa: N815


_decoder = msgspec.json.Decoder(_Payload)
_loose = msgspec.json.Decoder(_Loose)
_one = msgspec.json.Decoder(_Alert)


def parse(body: bytes) -> Parsed:
    """The alerts of a body. Raises BadPayload."""
    try:
        payload = _decoder.decode(body)
    except msgspec.ValidationError as error:
        return _one_by_one(body, error)
    except UNREADABLE as error:
        raise BadPayload(f"not an Alertmanager webhook body: {error}") from error
    _check(payload.version)
    return each(payload.alerts, lambda alert: _alert(alert, payload.externalURL))


def _one_by_one(body: bytes, why: msgspec.ValidationError) -> Parsed:
    """A body of which some part is not as it should be: perhaps it is only one of the alerts."""
    try:
        payload = _loose.decode(body)
    except UNREADABLE:
        raise BadPayload(f"not an Alertmanager webhook body: {why}") from why
    _check(payload.version)
    return each(payload.alerts, lambda raw: _alert(_one.decode(raw), payload.externalURL))


def _check(version: str) -> None:
    if version not in {"3", "4"}:
        raise BadPayload(f"Alertmanager webhook version {version}: 4 is understood, and 3")


def _alert(alert: _Alert, external_url: str) -> ParsedAlert:
    labels, annotations = clean(alert.labels), clean(alert.annotations)
    if alert.status not in {"firing", "resolved"}:
        raise BadPayload(f"alert status “{alert.status}”: expected firing or resolved")
    links = clean(
        {
            "graph": alert.generatorURL,
            "runbook": annotations.get("runbook_url", ""),
            "alertmanager": external_url,
        }
    )
    firing = alert.status == "firing"
    return ParsedAlert(
        identity=without_nul(alert.fingerprint) or identity_of(labels),
        title=labels.get("alertname") or "unnamed alert",
        firing=firing,
        starts_at=rfc3339(alert.startsAt),
        ends_at=None if firing else rfc3339(alert.endsAt),
        description=annotations.get("description") or annotations.get("summary") or annotations.get("message", ""),
        severity=labels.get("severity", ""),
        labels=labels,
        annotations=annotations,
        links={name: url for name, url in links.items() if url.startswith(("http://", "https://"))},
    )
