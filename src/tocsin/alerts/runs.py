"""What a sender tells of one run of an infrastructure tool: words and values."""

from __future__ import annotations

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
    """One run. `run` is its sender's name for it; `configuration` what runs of the same thing share.

    `command` is plan, apply, destroy, drift, init …; empty where the sender does not say. `trigger` is None for a run
    that calls nobody; `reason` says why it has this outcome and trigger, in a sentence.
    """

    run: str
    tool: str
    configuration: str
    outcome: Outcome
    reason: str
    trigger: Trigger | None = None
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
