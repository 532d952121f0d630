"""Datadog, its integration "Webhooks" with the payload that stands here as TEMPLATE.

https://docs.datadoghq.com/integrations/webhooks/. A monitor and its group (scope) are the identity. The transition tells the
state: Recovered resolves, Muted changes nothing, and all else (Triggered, Warn, No Data and their repeats) fires. The default
payload and other templates are understood as far as they tell: their state is then in the title ("[Recovered] …").
"""

from __future__ import annotations

import re

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import Object, at, first, identity, labels, links, read_object, tags, text, title, when

# What to enter at Datadog as the webhook's payload. Datadog fills in the words with `$`.
TEMPLATE = """{
  "title": "$EVENT_TITLE",
  "text": "$TEXT_ONLY_MSG",
  "transition": "$ALERT_TRANSITION",
  "alert_type": "$ALERT_TYPE",
  "priority": "$ALERT_PRIORITY",
  "monitor_id": "$ALERT_ID",
  "scope": "$ALERT_SCOPE",
  "metric": "$ALERT_METRIC",
  "query": "$ALERT_QUERY",
  "host": "$HOSTNAME",
  "tags": "$TAGS",
  "url": "$LINK",
  "snapshot": "$SNAPSHOT",
  "org": {"id": "$ORG_ID", "name": "$ORG_NAME"},
  "date": "$DATE",
  "id": "$ID"
}"""
EXAMPLE = b"""{
  "title": "[Triggered on {kube_namespace:shop,service:cart}] Cart answers slowly",
  "text": "95 % of requests took over 2 s in the last 5 minutes.",
  "transition": "Triggered",
  "alert_type": "error",
  "priority": "P2",
  "monitor_id": "48151623",
  "scope": "kube_namespace:shop,service:cart",
  "metric": "trace.http.request",
  "query": "percentile(last_5m):p95:trace.http.request{service:cart} > 2",
  "host": "",
  "tags": "env:production,kube_namespace:shop,service:cart,monitor,team:shop",
  "url": "https://app.datadoghq.eu/monitors/48151623",
  "snapshot": "https://p.datadoghq.eu/snapshot/1.png",
  "org": {"id": "7", "name": "Acme"},
  "date": "1772333891000",
  "id": "7000000000000000001"
}"""
SIGNATURE = None

WHAT = "a Datadog webhook"
_RESOLVES = {"recovered", "ok", "success"}
_CHANGES_NOTHING = {"muted", "unmuted"}
# "[Triggered on {host:a}] Name" or "[P2] [Recovered] Name": state, scope and name as the default payload tells them.
_TITLE = re.compile(
    r"(?:\[P\d\] )?\[(?P<state>(?:Re-)?(?:Triggered|Warn|No Data)|Renotify|Recovered|(?:Un)?muted)"
    r"(?: on \{(?P<scope>[^}]*)\})?\] *(?P<name>.*)",
    re.IGNORECASE,
)
_NOT_FILLED_IN = re.compile(r"\$[A-Z_]+")


def parse(body: bytes) -> Parsed:
    """The monitor's alert. Raises BadPayload."""
    payload = {name: _filled(value) for name, value in read_object(body, WHAT).items()}
    told = title(payload.get("title"), payload.get("event_title"))
    if not told:
        raise BadPayload(f"not {WHAT}: it has no title; enter the payload that docs/sources.md shows")
    found = _TITLE.fullmatch(told)
    said = found.groupdict("") if found else {}
    transition = first(
        payload.get("transition"), payload.get("alert_transition"), said.get("state"), payload.get("alert_type")
    )
    if transition.lower() in _CHANGES_NOTHING:
        return Parsed((), note=f"“{transition}” is nothing to alert about")
    firing = transition.lower() not in _RESOLVES
    return Parsed((_alert(payload, title(said.get("name"), told), said.get("scope", ""), firing=firing),))


def _filled(value: object) -> object:
    """Nothing where Datadog had nothing to fill in, and left the name of the variable."""
    return "" if isinstance(value, str) and _NOT_FILLED_IN.fullmatch(value) else value


def _alert(payload: Object, name: str, scope_of_title: str, *, firing: bool) -> ParsedAlert:
    scope = first(payload.get("scope"), payload.get("scopes"), payload.get("alert_scope"), scope_of_title)
    monitor = first(payload.get("monitor_id"), payload.get("alert_id"))
    key = first(payload.get("aggreg_key"), payload.get("aggregation_key"))
    changed = when(payload, "date") or when(payload, "last_updated")
    said = {**tags(payload.get("tags")), **tags(scope)}
    return ParsedAlert(
        identity=identity("monitor", monitor or key or name, ",".join(sorted(scope.replace(" ", "").split(",")))),
        title=name,
        firing=firing,
        starts_at=changed if firing else None,
        ends_at=None if firing else changed,
        description=first(payload.get("text"), payload.get("body"), payload.get("message"), payload.get("description")),
        severity=first(payload.get("priority"), payload.get("severity"), payload.get("alert_type")),
        labels=labels(
            said,
            host=first(payload.get("host"), payload.get("hostname"), said.get("host")),
            metric=payload.get("metric"),
            organization=at(payload, "org", "name"),
        ),
        annotations={"query": query} if (query := first(payload.get("query"), payload.get("alert_query"))) else {},
        links=links(monitor=first(payload.get("url"), payload.get("link")), snapshot=text(payload, "snapshot")),
    )
