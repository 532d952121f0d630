"""Google Cloud Monitoring: notifications of alerting policies to a webhook.

https://cloud.google.com/monitoring/support/notification-options#webhooks. The condition with the labels of its resource and
metric is the identity where they are told, else the incident's id. `state` is open or closed.
"""

from __future__ import annotations

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert, identity_of
from tocsin.alerts.reading import Object, an_object, at, first, identity, labels, links, read_object, text, title, when

EXAMPLE = b"""{
  "version": "1.2",
  "incident": {
    "incident_id": "0.mexample1",
    "scoping_project_id": "acme-shop",
    "url": "https://console.cloud.google.com/monitoring/alerting/incidents/0.mexample1?project=acme-shop",
    "started_at": 1772333891,
    "ended_at": null,
    "state": "open",
    "severity": "Critical",
    "summary": "CPU utilization of acme-shop cart-1 is above the threshold of 0.9 with a value of 0.97.",
    "resource": {"type": "k8s_pod", "labels": {"cluster_name": "eu", "namespace_name": "shop", "pod_name": "cart-1"}},
    "metric": {"type": "kubernetes.io/container/cpu/limit_utilization", "displayName": "CPU limit utilization", "labels": {}},
    "policy_name": "Shop",
    "policy_user_labels": {"team": "shop"},
    "condition_name": "CPU over 90 %",
    "condition": {"name": "projects/acme-shop/alertPolicies/1/conditions/2"},
    "documentation": {"content": "See the runbook.", "mime_type": "text/markdown"}
  }
}"""
SIGNATURE = None

WHAT = "a notification of Google Cloud Monitoring"


def parse(body: bytes) -> Parsed:
    """The incident of a notification. Raises BadPayload."""
    incident = an_object(read_object(body, WHAT), "incident")
    state, name = text(incident, "state").lower(), title(incident.get("condition_name"), incident.get("policy_name"))
    if not text(incident, "incident_id") or not name or state not in {"open", "closed"}:
        raise BadPayload(
            f"not {WHAT}: expected an incident with an incident_id, a condition_name or policy_name, and a state "
            "that is open or closed"
        )
    return Parsed((_alert(incident, name, firing=state == "open"),))


def _alert(incident: Object, name: str, *, firing: bool) -> ParsedAlert:
    resource, metric = an_object(incident, "resource"), an_object(incident, "metric")
    policy = title(incident.get("policy_name"))
    return ParsedAlert(
        identity=_identity(incident),
        title=f"{policy}: {name}" if policy and policy != name else name,
        firing=firing,
        starts_at=when(incident, "started_at"),
        ends_at=None if firing else when(incident, "ended_at"),
        description="\n".join(filter(None, (text(incident, "summary"), text(incident, "documentation", "content")))),
        severity=_severity(incident),
        labels=labels(
            {
                **an_object(incident, "policy_user_labels"),
                **an_object(metric, "labels"),
                **an_object(resource, "labels"),
            },
            project=first(incident.get("scoping_project_id"), at(resource, "labels", "project_id")),
            resource=first(incident.get("resource_display_name"), incident.get("resource_name")),
            metric=first(metric.get("type"), metric.get("displayName")),
            policy=policy,
        ),
        links=links(incident=incident.get("url")),
    )


def _severity(incident: Object) -> str:
    """The policy's severity; "No Severity" says nothing."""
    said = text(incident, "severity")
    return "" if said.lower() == "no severity" else said


def _identity(incident: Object) -> str:
    condition = text(incident, "condition", "name")
    told = [at(incident, where, "labels") for where in ("resource", "metric")]
    about = [labels(an_object(said)) for said in told]
    if not condition or not any(about) or not all(isinstance(said, dict) for said in told):
        return identity("incident", text(incident, "incident_id"))
    return identity(condition, *map(identity_of, about))
