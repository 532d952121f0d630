"""What a sender tells of one run of an infrastructure tool: words and values."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

import msgspec

# Commands that change what they are about.
CHANGING = frozenset({"apply", "destroy", "deploy"})


class Outcome(StrEnum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    BLOCKED = "blocked by policy"
    DRIFTED = "drifted"
    TIMED_OUT = "timed out"
    UNFINISHED = "unfinished"
    CANCELLED = "cancelled"


class Trigger(StrEnum):
    """What calls somebody at once. Triage knows how bad each is in which environment."""

    APPLY_FAILURE = "apply failure"
    SECURITY_POLICY = "security policy block"
    POLICY = "policy block"
    DRIFT = "drift"
    PLAN_TIMEOUT = "plan timeout"
    PLAN_FAILURE = "plan failure"


class ReportedRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run. `run` is its sender's name for it, empty where it has none; `configuration` what runs of one thing share.

    `command` is plan, apply, destroy, drift, init …; empty where the sender does not say. `trigger` is None for a run
    that calls nobody; `reason` says why it has this outcome and trigger, in a sentence. `environment` is as the sender
    calls it, where it sends to all of them from one place.
    """

    run: str
    tool: str
    configuration: str
    outcome: Outcome
    reason: str
    trigger: Trigger | None = None
    environment: str = ""
    command: str = ""
    workspace: str = ""
    exit_code: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    actor: str = ""
    repository: str = ""
    commit: str = ""
    url: str = ""


def place(run: ReportedRun) -> str:
    """Configuration and workspace, as people say it."""
    named = run.workspace and run.workspace != "default" and run.workspace != run.configuration
    return f"{run.configuration} ({run.workspace})" if named else run.configuration


_DEPLOYS = re.compile(r"deploy|release|terraform|tofu|apply|plan|drift|infra", re.IGNORECASE)
_PLANS = re.compile(r"(?<![a-z])plan(?![a-z])", re.IGNORECASE)


def deploys(name: str) -> bool:
    """Whether the name of a pipeline's part tells that it deploys, or looks what a deployment would do."""
    return _DEPLOYS.search(name) is not None


def command_of(name: str) -> str:
    """What the part of a pipeline with this name does: plan, drift or deploy."""
    if _PLANS.search(name):
        return "plan"
    return "drift" if "drift" in name.lower() else "deploy"


_KINDS = {
    **dict.fromkeys(("production", "prod", "prd", "live"), "production"),
    **dict.fromkeys(("staging", "stage", "stg", "preprod"), "staging"),
    **dict.fromkeys(("development", "dev", "test", "testing", "preview", "sandbox"), "development"),
}


def is_elsewhere(run: ReportedRun, environment: str) -> bool:
    """Whether a run is of another environment than the one of this name: where both names say what they are, and differ."""
    said, here = _KINDS.get(run.environment.lower()), _KINDS.get(environment.lower())
    return said is not None and here is not None and said != here
