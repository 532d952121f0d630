"""Atlantis: its HTTP webhooks for applies and for drift. https://www.runatlantis.io/docs/sending-notifications-via-webhooks

Neither names its runs (drift has an id for all projects at once), and there is no signature: Atlantis can send a header
of your choice, and the token in the address is enough.
"""

from __future__ import annotations

import msgspec

from tocsin.alerts.parsed import UNREADABLE, BadPayload, Parsed, without_nul
from tocsin.alerts.runs import Outcome, ReportedRun, Trigger

EXAMPLE = b"""{
  "Workspace": "default",
  "Repo": {"FullName": "acme/infrastructure"},
  "Pull": {"Num": 7, "HeadCommit": "0f3c9a", "URL": "https://github.com/acme/infrastructure/pull/7"},
  "User": {"Username": "alice", "Teams": null},
  "Success": false,
  "Directory": "network",
  "ProjectName": "network-production"
}"""
SIGNATURE = None
BUSY = None  # Atlantis sends nothing again


class _Repo(msgspec.Struct):
    FullName: str


class _Pull(msgspec.Struct):
    HeadCommit: str = ""
    URL: str = ""


class _User(msgspec.Struct):
    Username: str = ""


class _Apply(msgspec.Struct):
    Success: bool
    Repo: _Repo
    Workspace: str = ""
    Pull: _Pull = msgspec.field(default_factory=_Pull)
    User: _User = msgspec.field(default_factory=_User)
    Directory: str = ""
    ProjectName: str = ""


class _Project(msgspec.Struct):
    has_drift: bool
    project_name: str = ""
    path: str = ""
    workspace: str = ""
    summary: str = ""


class _Drift(msgspec.Struct):
    repository: str
    detection_id: str
    projects: list[_Project]


class _Either(msgspec.Struct):
    detection_id: str | None = None


def parse(body: bytes) -> Parsed:
    """The apply, or the drift of each project, that a webhook tells of. Raises BadPayload."""
    try:
        if msgspec.json.decode(body, type=_Either).detection_id is not None:
            drift = msgspec.json.decode(body, type=_Drift)
            return Parsed((), runs=tuple(_drifted(drift, project) for project in drift.projects))
        return Parsed((), runs=(_applied(msgspec.json.decode(body, type=_Apply)),))
    except UNREADABLE as error:
        raise BadPayload(f"not an Atlantis webhook: {error}") from error


def _applied(told: _Apply) -> ReportedRun:
    return ReportedRun(
        run="",
        tool="terraform",
        command="apply",
        configuration=_configuration(told.Repo.FullName, told.ProjectName, told.Directory),
        workspace=without_nul(told.Workspace),
        outcome=Outcome.SUCCEEDED if told.Success else Outcome.FAILED,
        trigger=None if told.Success else Trigger.APPLY_FAILURE,
        reason="Atlantis applied it" if told.Success else "Atlantis could not apply it; its log is at the pull request",
        actor=without_nul(told.User.Username),
        repository=without_nul(told.Repo.FullName),
        commit=without_nul(told.Pull.HeadCommit),
        url=without_nul(told.Pull.URL),
    )


def _drifted(told: _Drift, project: _Project) -> ReportedRun:
    return ReportedRun(
        run=without_nul(f"{told.detection_id} {project.project_name} {project.path} {project.workspace}"),
        tool="terraform",
        command="drift",
        configuration=_configuration(told.repository, project.project_name, project.path),
        workspace=without_nul(project.workspace),
        outcome=Outcome.DRIFTED if project.has_drift else Outcome.SUCCEEDED,
        trigger=Trigger.DRIFT if project.has_drift else None,
        reason=without_nul(project.summary) or ("it differs" if project.has_drift else "nothing was changed outside"),
        repository=without_nul(told.repository),
    )


def _configuration(repository: str, project: str, directory: str) -> str:
    return without_nul(f"{repository} {project or directory or '.'}")
