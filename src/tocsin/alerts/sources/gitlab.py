"""GitLab: the webhooks for deployments, pipelines and jobs; the secret token stands in a header.

https://docs.gitlab.com/user/project/integrations/webhook_events/. Jobs whose name or stage tells of a deployment (deploy,
release, terraform, tofu, apply, plan, drift, infra) are runs of an infrastructure tool, unless they have an environment:
GitLab tells of those as deployments. A pipeline of the default branch in which any other job fails fires, and resolves when it
succeeds. All other events are taken and say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from tocsin.alerts.parsed import UNREADABLE, BadPayload, Parsed, ParsedAlert, without_nul, zoned
from tocsin.alerts.reading import Object, an_object, identity, labels, links, text, title
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
BUSY = None  # GitLab sends nothing again, and switches off a webhook that fails

_ZONE_APART = re.compile(r" ([+-]\d{4})$")


class _Project(msgspec.Struct):
    path_with_namespace: str = ""
    default_branch: str | None = None
    web_url: str | None = None


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
    allow_failure: bool = False


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
    object_attributes: Any = None
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
    except UNREADABLE as error:
        raise BadPayload(f"not a GitLab webhook: {error}") from error
    runs: tuple[ReportedRun, ...] = ()
    alerts: tuple[ParsedAlert, ...] = ()
    if payload.object_kind == "deployment":
        runs = tuple(_deployed(payload))
    elif payload.object_kind == "build":
        runs = tuple(_worked(payload, _job(payload)))
    elif payload.object_kind == "pipeline":
        runs = tuple(run for job in payload.builds for run in _worked(payload, job))
        alerts = tuple(_piped(payload, an_object(payload.object_attributes)))
    note = "" if runs or alerts else f"this {without_nul(payload.object_kind)} is nothing to alert about"
    return Parsed(alerts, runs=runs, note=note)


def _piped(payload: _Payload, pipeline: Object) -> Iterator[ParsedAlert]:
    """Whether the pipeline of the default branch fails; where only what deploys failed, its runs tell."""
    failed = [job for job in payload.builds if job.status == "failed" and not job.allow_failure]
    others = [job for job in failed if not _deploys(job)]
    ref, status = text(pipeline, "ref"), text(pipeline, "status")
    is_default = ref == payload.project.default_branch and text(pipeline, "source") != "merge_request_event"
    told_already = failed and not others
    if not is_default or pipeline.get("tag") is True or status not in {"failed", "success"} or told_already:
        return
    firing, ended = status == "failed", _time(text(pipeline, "finished_at"))
    yield ParsedAlert(
        identity=identity("pipeline", _path(payload), ref),
        title=title(f"The pipeline of {_path(payload)} fails on {ref}") if firing else "",
        firing=firing,
        starts_at=ended if firing else None,
        ends_at=None if firing else ended,
        description=", ".join(without_nul(f"{job.stage}: {job.name}") for job in others),
        labels=labels({}, tool="gitlab", repository=_path(payload), branch=ref, commit=pipeline.get("sha")),
        links=links(pipeline=f"{payload.project.web_url}/-/pipelines/{text(pipeline, 'id')}"),
    )


def _deploys(job: _Job) -> bool:
    return bool(job.environment) or deploys(f"{job.name} {job.stage}")


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
