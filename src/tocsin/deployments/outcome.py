"""How a run ended, and what calls somebody: the words, as they are stored."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How it ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    BLOCKED = "blocked by policy"
    DRIFTED = "drifted"
    TIMED_OUT = "timed out"
    UNFINISHED = "unfinished"
    CANCELLED = "cancelled"


class Trigger(StrEnum):
    """What calls somebody at once; the severity of each is told by triage, from the environment."""

    APPLY_FAILURE = "apply failure"
    SECURITY_POLICY = "security policy block"
    POLICY = "policy block"
    DRIFT = "drift"
    PLAN_TIMEOUT = "plan timeout"
    PLAN_FAILURE = "plan failure"
