"""Grafana: unified alerting (version 9 and newer), and the legacy alerting of dashboards before it.

https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/

Unified: each alert carries its fingerprint and its status, firing or resolved. Legacy: the rule is the identity (`ruleId` in
its organization), and its state counts: alerting and no_data fire, ok resolves; paused, pending and unknown change
nothing, for nobody looked.
"""

from __future__ import annotations

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert, clean, each, identity_of
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
from tocsin.alerts.verify import Signature

EXAMPLE = b"""{
  "receiver": "tocsin",
  "status": "firing",
  "orgId": 1,
  "alerts": [
    {
      "status": "firing",
      "labels": {"alertname": "HighLatency", "namespace": "shop", "service": "cart", "severity": "high"},
      "annotations": {"summary": "Half of all requests take over 2 s.", "runbook_url": "https://runbooks.example/latency"},
      "startsAt": "2026-03-01T02:58:10Z",
      "endsAt": "0001-01-01T00:00:00Z",
      "values": {"B": 2.31},
      "generatorURL": "https://grafana.example/alerting/grafana/ce1/view",
      "fingerprint": "6a1f93c07b2d4e58",
      "dashboardURL": "https://grafana.example/d/cart",
      "panelURL": "https://grafana.example/d/cart?viewPanel=4"
    }
  ],
  "groupLabels": {"alertname": "HighLatency"},
  "externalURL": "https://grafana.example/",
  "version": "1",
  "groupKey": "{}:{alertname=\\"HighLatency\\"}",
  "title": "[FIRING:1] HighLatency",
  "state": "alerting"
}"""
SIGNATURE = Signature("X-Grafana-Alerting-Signature", "sha256", repeats=True)

WHAT = "a Grafana notification"
# What Grafana calls an alert about a rule that could not be evaluated; the rule's own name is in another label.
_NOT_EVALUATED = {"DatasourceNoData": "no data", "DatasourceError": "can't be evaluated"}
_LEGACY = {"alerting": True, "no_data": True, "ok": False}
_NOBODY_LOOKED = {"paused", "pending", "unknown"}


def parse(body: bytes) -> Parsed:
    """The alerts of a notification. Raises BadPayload."""
    payload = read_object(body, WHAT)
    if isinstance(payload.get("alerts"), list):
        return each(payload["alerts"], lambda alert: _unified(alert, payload))
    if "state" in payload and ("ruleId" in payload or "ruleName" in payload):
        return _legacy(payload)
    raise BadPayload(f"not {WHAT}: it has neither alerts, nor a rule and its state")


def _unified(alert: object, payload: Object) -> ParsedAlert:
    status = text(alert, "status")
    if not isinstance(alert, dict) or status not in {"firing", "resolved"}:
        raise BadPayload("expected an object whose status is firing or resolved")
    said, annotations = clean(an_object(alert, "labels")), clean(an_object(alert, "annotations"))
    firing = status == "firing"
    name = said.get("alertname", "")
    if name in _NOT_EVALUATED and said.get("rulename"):
        name = f"{said['rulename']}: {_NOT_EVALUATED[name]}"
    return ParsedAlert(
        identity=text(alert, "fingerprint") or identity_of(said),
        title=title(name, "unnamed alert"),
        firing=firing,
        starts_at=when(alert, "startsAt"),
        ends_at=None if firing else when(alert, "endsAt"),
        description=first(annotations.get("description"), annotations.get("summary"), text(alert, "valueString")),
        severity=said.get("severity", ""),
        labels=labels(said),
        annotations=annotations,
        links=links(
            graph=alert.get("generatorURL"),
            dashboard=alert.get("dashboardURL"),
            panel=alert.get("panelURL"),
            image=alert.get("imageURL"),
            silence=alert.get("silenceURL"),
            runbook=annotations.get("runbook_url"),
            grafana=payload.get("externalURL"),
        ),
    )


def _legacy(rule: Object) -> Parsed:
    state, name = text(rule, "state"), title(rule.get("ruleName"), rule.get("title"), "unnamed rule")
    if state in _NOBODY_LOOKED:
        return Parsed((), note=f"the rule {name} is {state}: whether it fails is not known, and nothing changes")
    if state not in _LEGACY:
        raise BadPayload(f"state “{state}”: expected alerting, no_data, ok, paused, pending or unknown")
    matches = objects(rule, "evalMatches")
    firing, called = _LEGACY[state], f"{name}: no data" if state == "no_data" else name
    measured = ", ".join(f"{text(match, 'metric')} {text(match, 'value')}" for match in matches)
    shared = [set(labels(an_object(match, "tags")).items()) for match in matches]
    common = dict(sorted(set.intersection(*shared))) if shared else {}
    said = labels(common | labels(an_object(rule, "tags")), alertname=name)
    return Parsed(
        (
            ParsedAlert(
                identity=identity("rule", text(rule, "orgId"), first(rule.get("ruleId"), name)),
                title=called if firing else "",  # a rule that is well tells no series
                firing=firing,
                description="\n".join(filter(None, (text(rule, "message"), measured))),
                severity=said.get("severity", ""),
                labels=said,
                links=links(rule=rule.get("ruleUrl"), image=rule.get("imageUrl")),
            ),
        )
    )
