"""HCP Terraform and Terraform Enterprise: notifications of runs and of health assessments, signed with HMAC-SHA512.

https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations#notification-payload. A run
that only goes on says nothing here; which of plan and apply failed is not told, so a run that errored counts as an apply.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tocsin.alerts.parsed import UNREADABLE, BadPayload, Parsed, without_nul, zoned
from tocsin.alerts.runs import Outcome, ReportedRun, Trigger
from tocsin.alerts.verify import Signature

EXAMPLE = b"""{
  "payload_version": 1,
  "notification_configuration_id": "nc-1",
  "run_url": "https://app.terraform.io/app/acme/network-production/runs/run-1",
  "run_id": "run-1",
  "run_message": "Add a subnet",
  "run_created_at": "2026-03-01T02:55:00.000Z",
  "run_created_by": "alice",
  "workspace_id": "ws-1",
  "workspace_name": "network-production",
  "organization_name": "acme",
  "notifications": [
    {"message": "Run Errored", "trigger": "run:errored", "run_status": "errored", "run_updated_at": "2026-03-01T02:58:11.000Z"}
  ]
}"""
SIGNATURE = Signature("X-TFE-Notification-Signature", "sha512")
BUSY = None  # HCP Terraform sends nothing again


class _Notification(msgspec.Struct):
    trigger: str
    message: str = ""
    run_status: str | None = None
    run_updated_at: datetime | None = None


class _Details(msgspec.Struct):
    workspace_name: str = ""
    organization_name: str = ""
    new_assessment_result: dict[str, Any] | None = None
    run_created_at: datetime | None = None
    run_status: str | None = None
    run_external_id: str | None = None
    run_create_error_message: str | None = None


class _Payload(msgspec.Struct):
    payload_version: int | str
    run_url: str | None = None
    run_id: str | None = None
    run_created_at: datetime | None = None
    run_created_by: str | None = None
    workspace_name: str | None = None
    organization_name: str | None = None
    notifications: list[_Notification] = []
    trigger: str = ""
    message: str = ""
    details: _Details | None = None


_APPLIED = (Outcome.SUCCEEDED, None, "apply", "the run was applied")
_CALLED_OFF = (Outcome.CANCELLED, None, "apply", "the run was called off")
_BLOCKED = (Outcome.BLOCKED, Trigger.POLICY, "apply", "a policy check failed")
_ENDS: dict[str, tuple[Outcome, Trigger | None, str, str]] = {
    "applied": _APPLIED,
    "planned_and_finished": (Outcome.SUCCEEDED, None, "plan", "the plan has nothing to apply"),
    "errored": (Outcome.FAILED, Trigger.APPLY_FAILURE, "apply", "the run errored, while planning or while applying"),
    "canceled": _CALLED_OFF,
    "discarded": _CALLED_OFF,
    "force_canceled": (Outcome.UNFINISHED, Trigger.APPLY_FAILURE, "apply", "the run was canceled by force"),
    "policy_soft_failed": _BLOCKED,
    "policy_override": _BLOCKED,
}
_decoder = msgspec.json.Decoder(_Payload)


def parse(body: bytes) -> Parsed:
    """The runs that ended, and the assessments, in a notification. Raises BadPayload."""
    try:
        payload = _decoder.decode(body)
    except UNREADABLE as error:
        raise BadPayload(f"not an HCP Terraform notification: {error}") from error
    if payload.details is not None:
        runs = _of_workspace(payload, payload.details)
        return Parsed((), runs=runs, note="" if runs else f"“{without_nul(payload.trigger)}” is nothing to alert about")
    ended = [n for n in payload.notifications if n.run_status in _ENDS and payload.run_id]
    runs = tuple(_run(payload, notification) for notification in ended)
    return Parsed((), runs=runs, note="" if runs else "a run that goes on is nothing to alert about")


def _run(payload: _Payload, notification: _Notification) -> ReportedRun:
    outcome, trigger, command, reason = _ENDS[notification.run_status or ""]
    return ReportedRun(
        run=without_nul(f"{payload.run_id} {notification.run_status}"),
        tool="terraform",
        command=command,
        configuration=_configuration(payload.organization_name, payload.workspace_name),
        outcome=outcome,
        trigger=trigger,
        reason=reason,
        started_at=zoned(payload.run_created_at),
        finished_at=zoned(notification.run_updated_at),
        actor=without_nul(payload.run_created_by or ""),
        url=without_nul(payload.run_url or ""),
    )


def _of_workspace(payload: _Payload, details: _Details) -> tuple[ReportedRun, ...]:
    configuration = _configuration(details.organization_name, details.workspace_name)
    if details.new_assessment_result is not None:
        return (_assessment(details.new_assessment_result, configuration),)
    if payload.trigger != "workspace:auto_destroy_results":
        return ()
    outcome, trigger, _, reason = _ENDS.get(details.run_status or "", _ENDS["errored"])
    why = details.run_create_error_message or reason
    run = without_nul(f"{details.run_external_id} {details.run_status}") if details.run_external_id else ""
    return (
        ReportedRun(
            run=run,
            tool="terraform",
            command="destroy",
            configuration=configuration,
            outcome=outcome,
            trigger=trigger,
            reason=without_nul(f"automatic destruction: {why}"),
            started_at=zoned(details.run_created_at),
        ),
    )


def _assessment(result: dict[str, Any], configuration: str) -> ReportedRun:
    drifted, failed = result.get("resources_drifted"), result.get("checks_failed")
    if result.get("succeeded") is False:
        outcome, trigger, reason = Outcome.FAILED, Trigger.PLAN_FAILURE, "the health assessment failed"
    elif result.get("drifted"):
        outcome, trigger, reason = (
            Outcome.DRIFTED,
            Trigger.DRIFT,
            _several(drifted, "resource was", "resources were") + " changed outside",
        )
    elif result.get("all_checks_succeeded") is False:
        outcome, trigger, reason = (
            Outcome.DRIFTED,
            Trigger.DRIFT,
            _several(failed, "check of the configuration fails", "checks of the configuration fail"),
        )
    else:
        outcome, trigger, reason = Outcome.SUCCEEDED, None, "nothing was changed outside, and all checks pass"
    return ReportedRun(
        run=without_nul(str(result.get("id") or "")),
        tool="terraform",
        command="drift",
        configuration=configuration,
        outcome=outcome,
        trigger=trigger,
        reason=reason,
        finished_at=_time(result.get("created_at")),
        url=without_nul(str(result.get("url") or "")),
    )


def _several(count: object, one: str, many: str) -> str:
    return f"{count if isinstance(count, int) else 'some'} {one if count == 1 else many}"


def _configuration(organization: str | None, workspace: str | None) -> str:
    if not workspace:
        raise BadPayload("the notification names no workspace")
    return without_nul(f"{organization}/{workspace}" if organization else workspace)


def _time(text: object) -> datetime | None:
    try:
        return zoned(msgspec.convert(text, datetime))
    except msgspec.ValidationError:
        return None
