"""GitLab: the webhooks for deployments, pipelines and jobs; the secret token stands in a header.

https://docs.gitlab.com/user/project/integrations/webhook_events/. Of pipelines and jobs only jobs count whose name or
stage tells of a deployment (deploy, release, terraform, tofu, apply, plan, drift, infra) and that have no environment:
GitLab tells of those that have one as deployments. All other events are taken and say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from tocsin.alerts.parsed import BadPayload, Parsed, without_nul, zoned
from tocsin.alerts.runs import CHANGING, Outcome, ReportedRun, Trigger, command_of, deploys
from tocsin.alerts.verify import Signature

EXAMPLE = b"""{
  "object_kind": "deployment",
  "status": "failed",
  "status_changed_at": "2026-03-01 02:58:11 +0000",
  "deployment_id": 15,
  "deployable_url": "https://gitlab.example/acme/shop/-/jobs/796",
  "environment": "production",
  "project": {"path_with_namespace": "acme/shop"},
  "short_sha": "279484c0",
  "user": {"username": "alice"},
  "commit_title": "Add a subnet"
}"""
SIGNATURE = Signature("X-Gitlab-Token")

_ZONE_APART = re.compile(r" ([+-]\d{4})$")


class _Project(msgspec.Struct):
    path_with_namespace: str = ""


class _User(msgspec.Struct):
    username: str = ""


class _Job(msgspec.Struct):
    id: int
    status: str
    name: str = ""
    stage: str = ""
    started_at: str | None = None
    finished_at: str | None = None
    failure_reason: str | None = None
    environment: dict[str, Any] | None = None


class _Payload(msgspec.Struct):
    object_kind: str
    status: str = ""
    status_changed_at: str | None = None
    deployment_id: int = 0
    deployable_url: str | None = None
    environment: str | dict[str, Any] | None = None
    project: _Project = msgspec.field(default_factory=_Project)
    user: _User = msgspec.field(default_factory=_User)
    short_sha: str = ""
    sha: str = ""
    builds: list[_Job] = []
    build_id: int = 0
    build_name: str = ""
    build_stage: str = ""
    build_status: str = ""
    build_started_at: str | None = None
    build_finished_at: str | None = None
    build_failure_reason: str | None = None
    project_name: str = ""


_decoder = msgspec.json.Decoder(_Payload)
_ENDS = {"success": Outcome.SUCCEEDED, "failed": Outcome.FAILED, "canceled": Outcome.CANCELLED}


def parse(body: bytes) -> Parsed:
    """The deployments that ended. Raises BadPayload."""
    try:
        payload = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadPayload(f"not a GitLab webhook: {error}") from error
    if payload.object_kind == "deployment":
        return Parsed((), runs=tuple(_deployed(payload)))
    jobs = payload.builds if payload.object_kind == "pipeline" else []
    if payload.object_kind == "build":
        jobs = [_job(payload)]
    return Parsed((), runs=tuple(run for job in jobs for run in _worked(payload, job)))


def _deployed(payload: _Payload) -> Iterator[ReportedRun]:
    if payload.status not in _ENDS:
        return
    outcome = _ENDS[payload.status]
    environment = without_nul(payload.environment) if isinstance(payload.environment, str) else ""
    yield ReportedRun(
        run=f"deployment {payload.deployment_id} {payload.status}",
        tool="gitlab",
        command="deploy",
        configuration=_path(payload),
        workspace=environment,
        environment=environment,
        outcome=outcome,
        trigger=Trigger.APPLY_FAILURE if outcome is Outcome.FAILED else None,
        reason=f"GitLab says {payload.status}",
        finished_at=_time(payload.status_changed_at),
        actor=without_nul(payload.user.username),
        repository=_path(payload),
        commit=without_nul(payload.short_sha),
        url=without_nul(payload.deployable_url or ""),
    )


def _worked(payload: _Payload, job: _Job) -> Iterator[ReportedRun]:
    if job.environment or job.status not in _ENDS or not deploys(f"{job.name} {job.stage}"):
        return
    command = command_of(job.name)
    failed = Trigger.APPLY_FAILURE if command in CHANGING else Trigger.PLAN_FAILURE
    outcome = _ENDS[job.status]
    yield ReportedRun(
        run=f"job {job.id} {job.status}",
        tool="gitlab",
        command=command,
        configuration=without_nul(f"{_path(payload)} {job.name}"),
        outcome=outcome,
        trigger=failed if outcome is Outcome.FAILED else None,
        reason=without_nul(f"GitLab says {job.status}{f' ({job.failure_reason})' if job.failure_reason else ''}"),
        started_at=_time(job.started_at),
        finished_at=_time(job.finished_at),
        actor=without_nul(payload.user.username),
        repository=_path(payload),
        commit=without_nul(payload.sha),
    )


def _job(payload: _Payload) -> _Job:
    """The job of a job event, as a pipeline would tell it."""
    return _Job(
        payload.build_id,
        payload.build_status,
        payload.build_name,
        payload.build_stage,
        payload.build_started_at,
        payload.build_finished_at,
        payload.build_failure_reason if payload.build_status == "failed" else None,
        payload.environment if isinstance(payload.environment, dict) else None,
    )


def _path(payload: _Payload) -> str:
    path = payload.project.path_with_namespace or payload.project_name
    if not path:
        raise BadPayload("a GitLab webhook without its project")
    return without_nul(path)


def _time(text: str | None) -> datetime | None:
    """A time in one of the forms that GitLab's events have: ISO 8601, or with its zone apart (" UTC", " +0200")."""
    try:
        time = datetime.fromisoformat(_ZONE_APART.sub(r"\1", (text or "").replace(" UTC", "+00:00")))
    except ValueError:
        return None
    return zoned(time)
