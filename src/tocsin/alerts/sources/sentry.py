"""Sentry: webhooks of an integration (issues, issue alerts, metric alerts, errors), and of the older plugin "WebHooks".

https://docs.sentry.io/organization/integrations/integration-platform/webhooks/. An issue is known by its id, whichever
webhook tells of it; a metric alert by its rule. An issue fires when it is created, unresolved or alerted about; it ends
when it is resolved, archived or ignored. A metric alert fires as critical or warning, and is resolved. Signed with
HMAC-SHA256 of the integration's client secret.
"""

from __future__ import annotations

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert, without_nul
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
from tocsin.alerts.verify import Signature

EXAMPLE = b"""{
  "action": "created",
  "installation": {"uuid": "7a485448-a9e2-4c85-8a3c-4f44175783c9"},
  "data": {
    "issue": {
      "id": "4200",
      "shortId": "SHOP-7",
      "title": "TimeoutError: no connection within 5 s",
      "culprit": "cart.checkout in pay",
      "level": "error",
      "status": "unresolved",
      "platform": "python",
      "web_url": "https://acme.sentry.io/issues/4200/",
      "project": {"id": "3", "name": "Cart", "slug": "cart"},
      "metadata": {"type": "TimeoutError", "value": "no connection within 5 s"},
      "firstSeen": "2026-03-01T02:58:11.101000Z",
      "lastSeen": "2026-03-01T02:58:11.101000Z"
    }
  },
  "actor": {"type": "application", "id": "sentry", "name": "Sentry"}
}"""
SIGNATURE = Signature("Sentry-Hook-Signature", "sha256")
BUSY = None  # Sentry sends nothing again

WHAT = "a Sentry webhook"
_ISSUES = {"created": True, "unresolved": True, "resolved": False, "archived": False, "ignored": False}
_METRICS = {"critical": True, "warning": True, "resolved": False}


def parse(body: bytes) -> Parsed:
    """The issue or the metric's alert. Raises BadPayload."""
    payload = read_object(body, WHAT)
    data, action = an_object(payload, "data"), text(payload, "action")
    if metric := an_object(data, "metric_alert"):
        return _metric(metric, data, action)
    if issue := an_object(data, "issue"):
        return _issue(issue, action)
    if event := an_object(data, "event") or an_object(data, "error"):
        return Parsed((_event(event, text(data, "triggered_rule")),))
    if "project" in payload and ("event" in payload or "culprit" in payload):
        return Parsed((_of_plugin(payload),))
    if action and data:
        about = without_nul(" and ".join(sorted(data)[:3]))
        return Parsed((), note=f"“{action}” of {about} is nothing to alert about")
    raise BadPayload(f"not {WHAT}: it has neither an issue, an event nor a metric alert")


def _issue(issue: Object, action: str) -> Parsed:
    happened = text(issue, "status") if action == "triggered" else action
    if happened not in _ISSUES:
        return Parsed((), note=f"that an issue was {action or 'touched'} does not change whether it goes on")
    firing, name = _ISSUES[happened], title(issue.get("title"), at(issue, "metadata", "type"))
    if not text(issue, "id") or not name:
        raise BadPayload("an issue without its id or title")
    began = when(issue, "firstSeen") if action == "created" else when(issue, "lastSeen")
    alert = ParsedAlert(
        identity=identity("issue", text(issue, "id")),
        title=name if firing else "",  # an issue says less than the event that was alerted about
        firing=firing,
        starts_at=began if firing else None,
        description=first(at(issue, "metadata", "value"), issue.get("culprit")),
        severity=text(issue, "level"),
        labels=labels(
            {},
            project=first(at(issue, "project", "slug"), at(issue, "project", "name")),
            service=first(at(issue, "project", "slug"), at(issue, "project", "name")),
            issue=issue.get("shortId"),
            culprit=issue.get("culprit"),
            platform=issue.get("platform"),
        ),
        links=links(issue=first(issue.get("web_url"), issue.get("permalink"))),
    )
    return Parsed((alert,))


def _event(event: Object, rule: str) -> ParsedAlert:
    """An event that an issue alert is about, or a single error: it is of an issue."""
    name = title(event.get("title"), at(event, "metadata", "type"), event.get("message"))
    issue = first(event.get("issue_id"), event.get("groupID"), at(event, "issue", "id"))
    if not name or not issue:
        raise BadPayload("an event without a title or without the id of its issue")
    said = _tags(event)
    return ParsedAlert(
        identity=identity("issue", issue),
        title=name,
        firing=True,
        starts_at=when(event, "datetime") or when(event, "timestamp"),
        description=first(event.get("message"), *_exceptions(event), event.get("culprit")),
        severity=text(event, "level"),
        labels=labels(
            said, project=_project(event), platform=event.get("platform"), rule=rule, culprit=event.get("culprit")
        ),
        links=links(event=first(event.get("web_url"), event.get("url"))),
    )


def _project(event: Object) -> str:
    """The project's slug from the event's address in the API: …/api/0/projects/ORGANIZATION/PROJECT/events/ID/."""
    parts = text(event, "url").partition("/projects/")[2].split("/")
    return parts[1] if len(parts) > 1 else text(event, "project")


def _exceptions(event: Object) -> list[str]:
    return [f"{text(e, 'type')}: {text(e, 'value')}".strip(": ") for e in objects(event, "exception", "values")]


def _tags(event: Object) -> dict[str, str]:
    """An event's tags, pairs in a list, and its environment."""
    listed = event.get("tags")
    pairs = listed if isinstance(listed, list) else []
    said = {text(pair[0]): text(pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2}
    return said | {"environment": first(event.get("environment"), said.get("environment"))}


def _metric(metric: Object, data: Object, action: str) -> Parsed:
    if action not in _METRICS:
        return Parsed((), note=f"“{action}” of a metric alert does not change whether it goes on")
    rule, firing = an_object(metric, "alert_rule"), _METRICS[action]
    key = first(rule.get("id"), metric.get("id"))
    name = title(rule.get("name"), metric.get("title"), data.get("description_title"))
    if not key or not name:
        raise BadPayload("a metric alert without the id or the name of its rule")
    projects = metric.get("projects")
    alert = ParsedAlert(
        identity=identity("metric", first(metric.get("organization_id"), rule.get("organization_id")), key),
        title=name,
        firing=firing,
        starts_at=when(metric, "date_started"),
        ends_at=None if firing else when(metric, "date_closed"),
        description=text(data, "description_text"),
        severity=action if firing else "",
        labels=labels(
            {},
            project=text(projects[0]) if isinstance(projects, list) and len(projects) == 1 else "",
            environment=rule.get("environment"),
            rule=rule.get("name"),
        ),
        annotations={"query": query} if (query := text(rule, "query")) else {},
        links=links(alert=data.get("web_url")),
    )
    return Parsed((alert,))


def _of_plugin(payload: Object) -> ParsedAlert:
    event = an_object(payload, "event")
    name = title(event.get("title"), payload.get("message"), payload.get("culprit"))
    if not text(payload, "id") or not name:
        raise BadPayload("an event of the plugin without the id of its issue, or without words")
    return ParsedAlert(
        identity=identity("issue", text(payload, "id")),
        title=name,
        firing=True,
        starts_at=when(event, "timestamp") or when(event, "datetime"),
        description=first(payload.get("message"), payload.get("culprit")),
        severity=first(payload.get("level"), event.get("level")),
        labels=labels(
            _tags(event),
            project=first(payload.get("project_slug"), payload.get("project")),
            service=first(payload.get("project_slug"), payload.get("project")),
            culprit=payload.get("culprit"),
            platform=event.get("platform"),
        ),
        links=links(issue=payload.get("url")),
    )
