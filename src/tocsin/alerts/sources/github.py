"""GitHub: the webhooks `deployment_status` and `workflow_run`, signed with HMAC-SHA256.

https://docs.github.com/en/webhooks/webhook-events-and-payloads. Of workflows only those count whose name or file tells
of a deployment (deploy, release, terraform, tofu, apply, plan, drift, infra); a failed test is nobody's incident. All
other events are taken and say nothing.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from tocsin.alerts.parsed import BadPayload, Parsed, without_nul, zoned
from tocsin.alerts.runs import CHANGING, Outcome, ReportedRun, Trigger, command_of, deploys
from tocsin.alerts.verify import Signature

EXAMPLE = b"""{
  "action": "created",
  "deployment_status": {
    "id": 21, "state": "failure", "environment": "production", "description": "terraform apply failed",
    "target_url": "https://github.com/acme/shop/actions/runs/9", "created_at": "2026-03-01T02:58:11Z",
    "creator": {"login": "alice"}
  },
  "deployment": {"id": 14, "sha": "0f3c9a", "ref": "main", "task": "deploy", "created_at": "2026-03-01T02:55:00Z"},
  "repository": {"full_name": "acme/shop"}
}"""
SIGNATURE = Signature("X-Hub-Signature-256", "sha256", "sha256=")

_PULLS = frozenset({"pull_request", "pull_request_target", "merge_group"})


class _Login(msgspec.Struct):
    login: str = ""


class _Repository(msgspec.Struct):
    full_name: str


class _Status(msgspec.Struct):
    id: int
    state: str
    environment: str = ""
    description: str | None = None
    target_url: str | None = None
    created_at: datetime | None = None
    creator: _Login | None = None


class _Deployment(msgspec.Struct):
    id: int
    sha: str = ""
    task: str = ""
    created_at: datetime | None = None


class _Workflow(msgspec.Struct):
    id: int
    conclusion: str | None = None
    name: str | None = None
    path: str | None = None
    event: str = ""
    run_attempt: int = 1
    head_sha: str = ""
    html_url: str = ""
    run_started_at: datetime | None = None
    updated_at: datetime | None = None
    actor: _Login | None = None


class _Payload(msgspec.Struct):
    repository: _Repository | None = None
    sender: _Login | None = None
    zen: str = ""
    action: str = ""
    deployment_status: _Status | None = None
    deployment: _Deployment | None = None
    workflow_run: _Workflow | None = None


_decoder = msgspec.json.Decoder(_Payload)


def parse(body: bytes) -> Parsed:
    """The deployment or workflow that ended. Raises BadPayload."""
    try:
        payload = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadPayload(f"not a GitHub webhook: {error}") from error
    if payload.repository is None:
        if payload.sender or payload.zen:  # of an organization, or the first one that only says hello
            return Parsed(())
        raise BadPayload(
            "not a GitHub webhook: it has neither a repository nor a sender; choose JSON as its content type"
        )
    repository, run = without_nul(payload.repository.full_name), None
    if payload.deployment_status is not None and payload.deployment is not None:
        run = _deployed(payload.deployment_status, payload.deployment, repository)
    elif payload.workflow_run is not None and payload.action == "completed":
        run = _worked(payload.workflow_run, repository)
    return Parsed((), runs=(run,) if run else ())


def _deployed(status: _Status, deployment: _Deployment, repository: str) -> ReportedRun | None:
    failed = status.state in {"failure", "error"}
    if not failed and status.state != "success":
        return None
    return ReportedRun(
        run=f"deployment {deployment.id} status {status.id}",
        tool="github",
        command="deploy",
        configuration=repository,
        workspace=without_nul(status.environment),
        environment=without_nul(status.environment),
        outcome=Outcome.FAILED if failed else Outcome.SUCCEEDED,
        trigger=Trigger.APPLY_FAILURE if failed else None,
        reason=without_nul(status.description or f"GitHub says {status.state}"),
        started_at=zoned(deployment.created_at),
        finished_at=zoned(status.created_at),
        actor=without_nul(status.creator.login if status.creator else ""),
        repository=repository,
        commit=without_nul(deployment.sha),
        url=without_nul(status.target_url or ""),
    )


def _worked(run: _Workflow, repository: str) -> ReportedRun | None:
    name = without_nul(run.name or (run.path or "").rpartition("/")[2] or "workflow")
    if not deploys(f"{run.name} {run.path}"):
        return None
    command = "plan" if run.event in _PULLS else command_of(name)
    ended = _ended(run.conclusion or "", command)
    if ended is None:
        return None
    outcome, trigger = ended
    return ReportedRun(
        run=f"workflow {run.id} attempt {run.run_attempt}",
        tool="github",
        command=command,
        configuration=f"{repository} {name}",
        outcome=outcome,
        trigger=trigger,
        reason=without_nul(f"the workflow ended with {run.conclusion}"),
        started_at=zoned(run.run_started_at),
        finished_at=zoned(run.updated_at),
        actor=without_nul(run.actor.login if run.actor else ""),
        repository=repository,
        commit=without_nul(run.head_sha),
        url=without_nul(run.html_url),
    )


def _ended(conclusion: str, command: str) -> tuple[Outcome, Trigger | None] | None:
    changing = command in CHANGING
    match conclusion:
        case "success":
            return Outcome.SUCCEEDED, None
        case "failure" | "startup_failure":
            return Outcome.FAILED, Trigger.APPLY_FAILURE if changing else Trigger.PLAN_FAILURE
        case "timed_out":
            return Outcome.TIMED_OUT, Trigger.APPLY_FAILURE if changing else Trigger.PLAN_TIMEOUT
        case "cancelled":
            return Outcome.CANCELLED, None
    return None
