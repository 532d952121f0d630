"""The files of one failed run of Terraform or OpenTofu into a redacted snapshot."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from tocsin.deployments.terraform.plan import PlanError
from tocsin.deployments.terraform.policy import PolicyError, parse_policy
from tocsin.deployments.terraform.secrets import LEFT_OUT, redact_log, redact_plan, sensitive_values
from tocsin.investigation.collectors.reading import FORMAT

# Of a longer log the beginning and the end are kept: what failed stands at the end, what was run at the beginning.
MOST_LOG = 16 * 1024 * 1024
_HEAD = 2 * 1024 * 1024
_PIECE = 1024 * 1024


class DeploymentError(ValueError):
    """A file can't be used; the message is one line that says which and why."""


def load_deployment(
    log: IO[bytes], *, plan: Path | None, policies: Sequence[Path], exit_code: int | None, key: bytes
) -> bytes:
    """Return the snapshot of a run, JSON, from its log, its plan (`terraform show -json`) and policy engines' results.

    Nothing enters without redaction under `key`; what the plan marks as sensitive is hidden in the log too. Raises
    DeploymentError.
    """
    shown, gaps = _text(log)
    if not shown.strip() and plan is None and not policies and exit_code is None:
        raise DeploymentError("the log is empty; give all that the run printed, errors too: `terraform apply 2>&1 | …`")
    planned = _read(plan) if plan else b""
    try:
        secrets = sensitive_values(planned) if planned else frozenset[str]()
        clean = redact_plan(planned, secrets, key) if planned else b"null"
    except PlanError as error:
        raise DeploymentError(f"{plan}: {error}; give what `terraform show -json PLANFILE` prints") from None
    section: dict[str, Any] = {
        "exit_code": exit_code,
        "log": redact_log(shown, secrets, key),
        "plan": msgspec.Raw(clean),
        "policies": [result for path in policies for result in _policies(path)],
    }
    return msgspec.json.encode(
        {"format": FORMAT, "origin": _origin(plan, policies), "deployment": section, "gaps": gaps}
    )


def _text(log: IO[bytes]) -> tuple[str, list[dict[str, str]]]:
    """The log, or its beginning and its end, and what is missing; never more of it in memory than that and a piece."""
    head = log.read(MOST_LOG + 1)
    if len(head) <= MOST_LOG:
        return head.decode("utf-8", "replace"), []
    size, pieces = len(head), deque([head[_HEAD:]])
    head = head[: head.rfind(b"\n", 0, _HEAD) + 1]
    kept = len(pieces[0])
    while piece := log.read(_PIECE):
        size, kept = size + len(piece), kept + len(piece)
        pieces.append(piece)
        while kept - len(pieces[0]) >= MOST_LOG - _HEAD:
            kept -= len(pieces.popleft())
    rest = b"".join(pieces)[-(MOST_LOG - _HEAD) :]
    pieces.clear()
    tail = rest[rest.find(b"\n") + 1 :]
    why = f"only its first {len(head)} and last {len(tail)} of {size} bytes are kept"
    left_out = f"[{size - len(head) - len(tail)} {LEFT_OUT}\n"
    gap = {"what": "deployment log", "why": why, "section": "deployment"}
    return head.decode("utf-8", "replace") + left_out + tail.decode("utf-8", "replace"), [gap]


def _policies(path: Path) -> list[dict[str, Any]]:
    try:
        return [msgspec.to_builtins(result) for result in parse_policy(_read(path))]
    except PolicyError as error:
        raise DeploymentError(f"{path}: {error}; give what the policy engine wrote as JSON or SARIF") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DeploymentError(f"can't read {path}: {error.strerror}") from None


def _origin(plan: Path | None, policies: Sequence[Path]) -> str:
    results = f"{len(policies)} file{'s' if len(policies) > 1 else ''} of policy results"
    told = ["a log", *(["a plan"] if plan else []), *([results] if policies else [])]
    return ", ".join(told)
