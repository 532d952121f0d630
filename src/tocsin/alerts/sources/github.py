"""GitHub: the webhooks `deployment_status`, `workflow_run` and `check_run`, signed with HMAC-SHA256.

https://docs.github.com/en/webhooks/webhook-events-and-payloads. A workflow whose name or file tells of a deployment (deploy,
release, terraform, tofu, apply, plan, drift, infra) is a run of an infrastructure tool. Any other workflow or check fires
when it fails on the default branch, and resolves when it succeeds there; elsewhere its author sees it fail. All other
events are taken and say nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from tocsin.alerts.parsed import UNREADABLE, BadPayload, Parsed, ParsedAlert, without_nul, zoned
from tocsin.alerts.reading import identity, labels, links, title
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
BUSY = None  # GitHub sends nothing again by itself

_FAILED = frozenset({"failure", "startup_failure", "timed_out"})
_PULLS = frozenset({"pull_request", "pull_request_target", "merge_group"})


class _Login(msgspec.Struct):
    login: str = ""


class _Repository(msgspec.Struct):
    full_name: str
    default_branch: str | None = None


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
    head_branch: str | None = None
    run_started_at: datetime | None = None
    updated_at: datetime | None = None
    actor: _Login | None = None


class _Suite(msgspec.Struct):
    head_branch: str | None = None


class _App(msgspec.Struct):
    slug: str | None = None


class _Check(msgspec.Struct):
    name: str
    conclusion: str | None = None
    html_url: str = ""
    head_sha: str = ""
    completed_at: datetime | None = None
    check_suite: _Suite | None = None
    app: _App | None = None


class _Payload(msgspec.Struct):
    repository: _Repository | None = None
    sender: _Login | None = None
    zen: str = ""
    action: str = ""
    deployment_status: _Status | None = None
    deployment: _Deployment | None = None
    workflow_run: _Workflow | None = None
    check_run: _Check | None = None


_decoder = msgspec.json.Decoder(_Payload)


def parse(body: bytes) -> Parsed:
    """The deployment or workflow that ended. Raises BadPayload."""
    try:
        payload = _decoder.decode(body)
    except UNREADABLE as error:
        raise BadPayload(f"not a GitHub webhook: {error}") from error
    if payload.repository is None:
        if payload.sender or payload.zen:  # of an organization, or the first one that only says hello
            return Parsed(())
        raise BadPayload(
            "not a GitHub webhook: it has neither a repository nor a sender; choose JSON as its content type"
        )
    repository = without_nul(payload.repository.full_name)
    if payload.deployment_status is not None and payload.deployment is not None:
        run = _deployed(payload.deployment_status, payload.deployment, repository)
        return _told(run, "a deployment that goes on")
    if payload.workflow_run is not None and payload.action == "completed":
        workflow = payload.workflow_run
        if deploys(f"{workflow.name} {workflow.path}"):
            return _told(_worked(workflow, repository), f"a workflow that ended with {workflow.conclusion}")
        return _on_default_branch(payload.repository, _result_of_workflow(workflow))
    if payload.check_run is not None and payload.action == "completed":
        return _on_default_branch(payload.repository, _result_of_check(payload.check_run))
    return Parsed((), note="this event is nothing to alert about")


def _told(run: ReportedRun | None, otherwise: str) -> Parsed:
    return Parsed((), runs=(run,)) if run else Parsed((), note=f"{otherwise} is nothing to alert about")


class _Result(NamedTuple):
    """How a workflow or a check ended; `branch` is empty where another event tells of it."""

    kind: str
    name: str
    conclusion: str
    branch: str
    ended_at: datetime | None
    commit: str
    url: str


def _result_of_workflow(run: _Workflow) -> _Result:
    branch = "" if run.event in _PULLS else run.head_branch or ""
    return _Result("workflow", _name(run), run.conclusion or "", branch, run.updated_at, run.head_sha, run.html_url)


def _result_of_check(run: _Check) -> _Result:
    """Of GitHub's own Actions the workflow tells already."""
    of_actions = run.app is not None and run.app.slug == "github-actions"
    branch = run.check_suite.head_branch if run.check_suite is not None and not of_actions else None
    return _Result("check", run.name, run.conclusion or "", branch or "", run.completed_at, run.head_sha, run.html_url)


def _on_default_branch(repository: _Repository, result: _Result) -> Parsed:
    if not result.branch or result.branch != repository.default_branch:
        return Parsed((), note=f"a {result.kind} that is not of the default branch is nothing to alert about")
    if result.conclusion not in {*_FAILED, "success"}:
        return Parsed((), note=f"a {result.kind} that ended with “{result.conclusion}” is nothing to alert about")
    firing, ended = result.conclusion in _FAILED, zoned(result.ended_at)
    name, branch = without_nul(result.name), without_nul(result.branch)
    alert = ParsedAlert(
        identity=identity(result.kind, without_nul(repository.full_name), name, branch),
        title=title(f"{name} fails on {branch}") if firing else "",
        firing=firing,
        starts_at=ended if firing else None,
        ends_at=None if firing else ended,
        description=f"the {result.kind} ended with {result.conclusion}",
        labels=labels(
            {result.kind: name}, tool="github", repository=repository.full_name, branch=branch, commit=result.commit
        ),
        links=links(run=result.url),
    )
    return Parsed((alert,))


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


def _name(run: _Workflow) -> str:
    return without_nul(run.name or (run.path or "").rpartition("/")[2] or "workflow")


def _worked(run: _Workflow, repository: str) -> ReportedRun | None:
    name = _name(run)
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
