"""One result of a policy, whichever engine found it, and how their JSON is looked into without trusting its shape."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Status = Literal["passed", "failed", "warning", "skipped"]
Severity = Literal["critical", "high", "medium", "low", ""]


class PolicyResult(msgspec.Struct, frozen=True):
    """What one rule says of one resource. `line` counts from 1 (0: unknown); an empty severity: the engine names none."""

    engine: str
    rule: str
    status: Status
    severity: Severity = ""
    resource: str = ""
    file: str = ""
    line: int = 0
    message: str = ""
    remedy: str = ""
    url: str = ""


_SEVERITIES: dict[str, Severity] = {
    "critical": "critical",
    "high": "high",
    "error": "high",
    "medium": "medium",
    "moderate": "medium",
    "warning": "medium",
    "low": "low",
    "info": "low",
    "note": "low",
}


def severity(told: Any) -> Severity:
    """A severity in any engine's words or letters, in ours."""
    name = told.get("name") if isinstance(told, dict) else told
    return _SEVERITIES.get(name.lower(), "") if isinstance(name, str) else ""


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; of anything else none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: dict[str, Any], *names: str) -> str:
    """The first text that is not empty under one of the names."""
    return next((found for name in names if isinstance(found := value.get(name), str) and found), "")


def integer(value: Any) -> int:
    """The value if it is a whole number, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
