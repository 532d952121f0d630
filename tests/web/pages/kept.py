"""Deployments as they are kept, small but with everything on them."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.factories import make_environment, make_source
from tests.web.pages.stored import make_signal
from tocsin.deployments.models import Deployment, DeploymentRecord
from tocsin.incidents.models import Incident, IncidentDeployment

ADDRESS = 'module.net["eu"].cloud_subnet.private[0]'
LOG = f"""\x1b[1m{ADDRESS}: Creating...\x1b[0m
cloud_bucket.assets: Creation complete after 3s [id=assets-eu]

\x1b[31m╷\x1b[0m
│ \x1b[1mError: \x1b[0mcreating subnet: InvalidSubnet.Conflict: the range 10.0.1.0/24 is taken
│
│   with {ADDRESS},
│   on net/main.tf line 12, in resource "cloud_subnet" "private":
│   12: resource "cloud_subnet" "private" {{
│
╵
Releasing state lock. This may take a few moments...
"""


def change(address: str, actions: list[str], before: Any, after: Any, **more: Any) -> dict[str, Any]:
    """One entry of `resource_changes`, as `terraform show -json` writes it."""
    outer = {key: more.pop(key) for key in ("action_reason", "previous_address", "deposed") if key in more}
    return {"address": address, "change": {"actions": actions, "before": before, "after": after} | more} | outer


PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "resource_changes": [
        change("cloud_bucket.assets", ["create"], None, {"name": "assets-eu", "versioning": True}),
        change(
            "cloud_database.main",
            ["delete", "create"],
            {"engine": "15", "password": "old", "size": 2},
            {"engine": "16", "password": "new", "size": 2},
            after_sensitive={"password": True},
            before_sensitive={"password": True},
            after_unknown={"id": True},
            replace_paths=[["engine"]],
            action_reason="replace_because_cannot_update",
        ),
        change("cloud_rule.legacy", ["delete"], {"port": 22}, None, action_reason="delete_because_no_resource_config"),
        change(
            "cloud_policy.read",
            ["update"],
            {"document": '{"Action": "s3:Get*", "Effect": "Allow"}', "script": "one\ntwo\n"},
            {"document": '{"Action": "s3:*", "Effect": "Allow"}', "script": "one\n2\n"},
        ),
        change("cloud_zone.main", ["no-op"], {"name": "a"}, {"name": "a"}),
    ],
    "resource_drift": [change("cloud_rule.web", ["update"], {"port": 443}, {"port": 8443})],
    "output_changes": {"endpoint": {"actions": ["create"], "before": None, "after": "https://assets.example.com"}},
}
POLICIES = [
    {
        "engine": "checkov",
        "rule": "CKV_AWS_20",
        "severity": "high",
        "status": "failed",
        "resource": "cloud_bucket.assets",
        "file": "main.tf",
        "line": 8,
        "message": "The bucket can be read by everyone.",
        "remedy": 'Set acl = "private".',
        "url": "https://docs.example.com/rules/20",
    },
    {"engine": "checkov", "rule": "CKV_AWS_21", "status": "passed"},
    {"engine": "conftest", "rule": "tags", "status": "warning", "message": "cloud_zone.main has no tag “owner”"},
]
COST = {
    "currency": "USD",
    "before": "1361.31",
    "after": "1730.06",
    "difference": "368.75",
    "resources": [{"address": "cloud_database.main", "before": "120", "after": "488.75", "difference": "368.75"}],
    "unpriced": 2,
}


def make_deployment(
    log: str | None = LOG, plan: dict[str, Any] | None = None, section: dict[str, Any] | None = None, **values: Any
) -> Deployment:
    """A run of `terraform apply` that failed a minute ago; without a log (None) its sender told only how it ended."""
    now = timezone.now()
    environment = values.pop("environment", None) or make_environment()
    signal = make_signal()
    count = Deployment.objects.count()
    defaults: dict[str, Any] = {
        "run": f"run-{count}",
        "tool": "terraform",
        "command": "apply",
        "configuration": "network",
        "outcome": "failed",
        "trigger": "apply failure",
        "reason": "terraform apply ended with exit status 1: creating subnet: the range is taken.",
        "exit_code": 1,
        "started_at": now - timedelta(minutes=2),
        "finished_at": now - timedelta(minutes=1),
        "received_at": now,
        "actor": "ci@example.com",
    }
    source = values.pop("source", None) or make_source("terraform", environment)[0]
    run = Deployment.objects.create(environment=environment, source=source, signal=signal, **(defaults | values))
    if log is not None:
        told = {"tool": "terraform", "command": "apply", "argv": ["terraform", "apply", "-var=a=b c"], "plan": plan}
        DeploymentRecord.objects.create(
            deployment=run,
            section=gzip.compress(json.dumps(told | (section or {})).encode()),
            log=gzip.compress(log.encode()),
            lines=len(log.splitlines()),
        )
    return run


def make_full_deployment(**values: Any) -> Deployment:
    """A run with everything that can be on one."""
    everything: dict[str, Any] = {
        "plan": PLAN,
        "policies": POLICIES,
        "cost": COST,
        "counts": {"add": 2, "change": 1, "destroy": 2, "imported": 0},
        "drift": [
            {"address": "cloud_rule.web", "why": "changed outside: port", "attributes": ["port"], "ignored_by": ""}
        ],
        "rollback": "1. `terraform apply` the commit before",
        "url": "https://ci.example.com/runs/7",
    }
    return make_deployment(**(everything | values))


def link(incident: Incident, run: Deployment, role: str = "failed") -> None:
    """Makes a run belong to an incident."""
    IncidentDeployment.objects.create(incident=incident, deployment=run, role=role)
