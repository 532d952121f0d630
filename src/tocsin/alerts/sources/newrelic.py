"""New Relic: workflows with the default payload of their webhook destination, and the classic channels before them.

https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/#webhook. An issue's id is the identity (of the
classic: the incident's). Created, activated, open and acknowledged fire; closed and deactivated resolve.
"""

from __future__ import annotations

from typing import Any

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
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

EXAMPLE = b"""{
  "id": "7f3b0e0a-0000-4000-8000-000000000001",
  "issueUrl": "https://radar-api.service.eu.newrelic.com/accounts/1/issues/7f3b0e0a",
  "title": "Cart answers slowly",
  "priority": "CRITICAL",
  "impactedEntities": ["cart"],
  "totalIncidents": 1,
  "state": "ACTIVATED",
  "trigger": "INCIDENT_ADDED",
  "isCorrelated": false,
  "createdAt": 1772333891000,
  "updatedAt": 1772333891000,
  "sources": ["newrelic"],
  "alertPolicyNames": ["Shop"],
  "alertConditionNames": ["Cart answers slowly"],
  "workflowName": "To Tocsin"
}"""
SIGNATURE = None

WHAT = "a New Relic notification"
_STATES = {
    **dict.fromkeys(("created", "activated", "open", "opened", "acknowledged"), True),
    **dict.fromkeys(("closed", "deactivated", "resolved"), False),
}


def parse(body: bytes) -> Parsed:
    """The issue, or the incident of a classic channel. Raises BadPayload."""
    payload = read_object(body, WHAT)
    state = first(payload.get("current_state"), payload.get("state")).lower()
    if state not in _STATES:
        raise BadPayload(f"not {WHAT}: state “{state}” is none of {', '.join(_STATES)}")
    key = first(payload.get("incident_id"), payload.get("issueId"), payload.get("id"))
    name = title(payload.get("condition_name"), payload.get("title"), payload.get("policy_name"))
    if not key or not name:
        raise BadPayload(f"not {WHAT}: it has neither the id of an issue or incident, nor a title")
    return Parsed((_alert(payload, state, key, name),))


def _alert(payload: Object, state: str, key: str, name: str) -> ParsedAlert:
    firing, changed = _STATES[state], when(payload, "timestamp") or when(payload, "updatedAt")
    policy = first(payload.get("policy_name"), _only(payload.get("alertPolicyNames")))
    targets = objects(payload, "targets")
    entity = first(*(target.get("name") for target in targets), _only(payload.get("impactedEntities")))
    return ParsedAlert(
        identity=identity(first(payload.get("account_id"), payload.get("nrAccountId")), key),
        title=name,
        firing=firing,
        starts_at=when(payload, "createdAt") or (changed if firing else None),
        ends_at=None if firing else changed,
        description=first(payload.get("details"), payload.get("description"), payload.get("trigger")),
        severity=first(payload.get("severity"), payload.get("priority")),
        labels=labels(
            an_object(targets[0], "labels") if targets else {},
            policy=policy,
            condition=first(payload.get("condition_name"), _only(payload.get("alertConditionNames"))),
            entity=entity,
            service=entity,
            account=payload.get("account_name"),
        ),
        links=links(
            issue=first(payload.get("issueUrl"), payload.get("incident_url"), payload.get("issuePageUrl")),
            policy=payload.get("policy_url"),
            chart=payload.get("violation_chart_url"),
            runbook=payload.get("runbook_url"),
        ),
        acknowledged=state == "acknowledged",
    )


def _only(value: Any) -> str:
    """The one item of a list that has no other."""
    return text(value[0]) if isinstance(value, list) and len(value) == 1 else ""
