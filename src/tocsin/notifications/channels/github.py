"""GitHub: an issue for each incident, commented on and closed with it. https://docs.github.com/en/rest/issues/issues"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from tocsin.notifications import tickets
from tocsin.notifications.channel import (
    Ability,
    About,
    Answer,
    BadSettings,
    Field,
    HttpRequest,
    Refused,
    Usual,
    Verdict,
    Way,
)
from tocsin.notifications.notice import Notice
from tocsin.notifications.tickets import Step

ABOUT = About(
    title="GitHub issues",
    fields=(
        Field("repository", "Repository", hint="As OWNER/NAME."),
        Field("token", "Access token", is_secret=True, hint="It begins with github_pat_ or ghp_."),
        Field("labels", "Labels, between commas", is_required=False),
        Field(
            "api_url",
            "Address of the interface",
            default="https://api.github.com",
            is_required=False,
            hint="Of a server of your own: https://HOST/api/v3.",
        ),
    ),
    steps=(
        "At GitHub › Settings › Developer settings, make a fine-grained token for this repository alone.",
        "Of its permissions it needs Issues: read and write.",
        "A test opens an issue, which says that it is one; close it by hand.",
    ),
    abilities=frozenset({Ability.THREADS, Ability.MACHINE}),
    usual=Usual.TICKETS,
    follows=tickets.FOLLOWS,
)
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


def check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings."""
    if not _REPOSITORY.fullmatch(settings["repository"]) or ".." in settings["repository"]:
        raise BadSettings("Repository: OWNER/NAME is expected, such as acme/shop.")


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """An issue; or, where the incident has one, a comment, and its end or its reopening."""
    return tuple(_request(step, notice, way) for step in tickets.steps(notice, way.thread))


def verdict(answer: Answer) -> Verdict | None:
    """The number of the issue; what GitHub says 403 to because there was too much of it is for later."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if answer.status == 403 and (headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers):
        return Refused("GitHub says that there were too many requests", is_temporary=True)
    return tickets.opened(answer, "number")


def _request(step: Step, notice: Notice, way: Way) -> HttpRequest:
    issues = f"{way.settings['api_url'].rstrip('/')}/repos/{way.settings['repository']}/issues"
    said = tickets.markdown(notice)
    method, url, body = {
        Step.OPEN: ("POST", issues, {"title": tickets.title(notice), "body": said}),
        Step.COMMENT: ("POST", f"{issues}/{way.thread}/comments", {"body": said}),
        Step.END: ("PATCH", f"{issues}/{way.thread}", {"state": "closed", "state_reason": "completed"}),
        Step.REOPEN: ("PATCH", f"{issues}/{way.thread}", {"state": "open"}),
    }[step]
    labels = tickets.listed(way.settings.get("labels", ""))
    sent: dict[str, Any] = body | ({"labels": labels} if step is Step.OPEN and labels else {})
    headers = {
        "Authorization": f"Bearer {way.settings['token']}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "Tocsin",
        "Content-Type": "application/json",
    }
    return HttpRequest(method, url, headers, msgspec.json.encode(sent))
