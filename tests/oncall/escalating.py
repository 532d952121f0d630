"""Makers of policies, people who can be reached, and incidents, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.factories import NOW, make_incident, make_user
from tests.notifications.made import make_channel
from tocsin.accounts.models import User
from tocsin.incidents import changes
from tocsin.incidents.models import Incident
from tocsin.notifications.models import Channel, ContactMethod, ContactRule
from tocsin.notifications.rules import Audience
from tocsin.oncall import policies
from tocsin.oncall.escalation import Policy, Step
from tocsin.oncall.escalations import EscalationPolicy
from tocsin.oncall.policies import Draft
from tocsin.oncall.policies_written import read_targets


def pushes() -> Channel:
    """A channel that reaches people, and tells of nothing by itself."""
    return Channel.objects.filter(name="push").first() or make_channel("ntfy", Audience.NOBODY, "push")


def make_reachable(name: str, delay: int = 0) -> User:
    """Somebody whose pushes come."""
    user = User.objects.filter(username=name).first() or make_user(name)
    method = ContactMethod.objects.create(
        user=user, channel=pushes(), address=f"topic-{name}-{delay}", confirmed_at=NOW, created_at=NOW
    )
    ContactRule.objects.create(method=method, delay_minutes=delay)
    return user


def step(targets: str, wait: int = 5, **more: object) -> Step:
    return Step(read_targets(targets), wait, **more)  # type: ignore[arg-type]  # as Step takes them


def make_policy(*steps: Step, name: str = "Shop", severity: str = "", **more: int) -> EscalationPolicy:
    """A policy for all incidents (of a severity)."""
    made = policies.create(Draft(name, Policy(steps, **more)), actor="ada", now=NOW)
    policies.choose(made, project=None, service="", severity=severity, actor="alice", now=NOW)
    return made


def opened(at: datetime = NOW, **values: object) -> Incident:
    """An incident that has just begun, as its timeline says."""
    given: dict[str, Any] = {"triggered_at": at} | values
    incident = make_incident(**given)
    changes.record(incident, "opened", "Opened.", actor="tocsin", now=at)
    return incident
