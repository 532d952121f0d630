"""PagerDuty's Events API v2: trigger, acknowledge and resolve, one alert an incident by its deduplication key.

https://developer.pagerduty.com/docs/events-api-v2-overview
"""

from __future__ import annotations

from typing import Any

import msgspec

from tocsin.ground.plain import clipped
from tocsin.notifications.channel import Ability, About, Field, HttpRequest, Limit, Usual, Way
from tocsin.notifications.notice import Kind, Notice, headline

ABOUT = About(
    title="PagerDuty",
    fields=(
        Field("routing_key", "Integration key", is_secret=True, hint="32 characters, of an Events API v2 integration."),
        Field("url", "Address of the interface", default="https://events.pagerduty.com", is_required=False),
    ),
    steps=(
        "In PagerDuty, open the service › Integrations › Add an integration › Events API V2.",
        "Copy the integration key. Critical incidents open an alert there; acknowledgement and resolution follow.",
    ),
    abilities=frozenset({Ability.MACHINE, Ability.THREADS}),
    usual=Usual.CRITICAL,
    follows=frozenset({Kind.ACKNOWLEDGED, Kind.RESOLVED, Kind.CLOSED, Kind.REOPENED}),
    limit=Limit.NONE,
)
_ACTIONS = {
    Kind.ACKNOWLEDGED: "acknowledge",
    Kind.RESOLVED: "resolve",
    Kind.CLOSED: "resolve",
    Kind.NEW: "trigger",
    Kind.RAISED: "trigger",
    Kind.REOPENED: "trigger",
    Kind.PAGE: "trigger",
    Kind.NAG: "trigger",
}
_SEVERITIES = {"critical": "critical", "high": "error", "medium": "warning", "low": "info"}


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """One event; a test triggers and resolves. Of what PagerDuty has no word for it is not told."""
    if notice.kind is Kind.TEST:
        return _request(notice, way, "trigger"), _request(notice, way, "resolve")
    action = _ACTIONS.get(notice.kind)
    return (_request(notice, way, action),) if action else ()


def _request(notice: Notice, way: Way, action: str) -> HttpRequest:
    body: dict[str, Any] = {
        "routing_key": way.settings["routing_key"],
        "event_action": action,
        "dedup_key": notice.key,
    }
    if action == "trigger":
        body |= _alert(notice)
    url = f"{way.settings['url'].rstrip('/')}/v2/enqueue"
    return HttpRequest("POST", url, {"Content-Type": "application/json"}, msgspec.json.encode(body))


def _alert(notice: Notice) -> dict[str, Any]:
    facts = notice.facts
    payload: dict[str, Any] = {
        "summary": clipped(headline(notice), 1000),
        "source": f"{facts.project}/{facts.environment}" if facts else "tocsin",
        "severity": _SEVERITIES.get(facts.severity, "error") if facts else "info",
        "timestamp": notice.at.isoformat(),
    }
    if facts is None:
        return {"payload": payload}
    payload["component"] = clipped(", ".join(facts.services) or facts.title, 500)
    payload["custom_details"] = {
        "what": clipped(notice.text, 1000),
        **({"alert": clipped(facts.alert, 1000)} if facts.alert else {}),
        "cause": clipped(facts.cause.summary, 1000) if facts.cause else "not known yet",
    }
    return {
        "payload": payload,
        "client": "Tocsin",
        "client_url": facts.url,
        "links": [{"href": facts.url, "text": facts.name}],
    }
