"""Jira, in the cloud or a data centre: an issue for each incident, commented on and moved with it.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/. Version 2 takes text, in wiki notation.
"""

from __future__ import annotations

import base64
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
    Taken,
    Usual,
    Verdict,
    Way,
)
from tocsin.notifications.notice import Notice
from tocsin.notifications.tickets import Step

ABOUT = About(
    title="Jira issues",
    fields=(
        Field("url", "Address of Jira", hint="Such as https://acme.atlassian.net."),
        Field("email", "E-mail address of the account", is_required=False, hint="Only in the cloud."),
        Field("token", "API token", is_secret=True, hint="In a data centre: a personal access token."),
        Field("project", "Project", hint="Its key, such as OPS."),
        Field("issue_type", "Type of issue", default="Task", is_required=False),
        Field("labels", "Labels, between commas", is_required=False),
        Field("end_step", "ID of the transition that ends an issue", is_required=False),
        Field("reopen_step", "ID of the transition that reopens one", is_required=False),
    ),
    steps=(
        "Make an account for Tocsin that may create, comment and move issues in the project.",
        "As that account, make a token: at id.atlassian.com › Security › API tokens, or in a data centre in its profile.",
        "IDs of transitions are in the answer of /rest/api/2/issue/KEY/transitions; without them issues are only commented on.",
        "A test makes an issue, which says that it is one; end it by hand.",
    ),
    abilities=frozenset({Ability.THREADS, Ability.MACHINE}),
    usual=Usual.TICKETS,
    follows=tickets.FOLLOWS,
)
# Somebody has moved it already, and may have had reasons.
_MOVED = b"is not valid for the current state"


def check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings."""
    for name, label in (("end_step", "ends an issue"), ("reopen_step", "reopens one")):
        if settings[name] and not settings[name].isdecimal():
            raise BadSettings(f"ID of the transition that {label}: a number is expected, such as 31.")


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """An issue; or, where the incident has one, a comment, and a transition where its ID is known."""
    asked = tickets.steps(notice, way.thread)
    return tuple(_request(way, *_asked(step, notice, way)) for step in asked if _is_possible(step, way))


def verdict(answer: Answer) -> Verdict | None:
    """The key of the issue; None: the status says it all."""
    if answer.status == 400 and _MOVED in answer.body:
        return Taken()
    return tickets.opened(answer, "key")


def _is_possible(step: Step, way: Way) -> bool:
    needed = {Step.END: "end_step", Step.REOPEN: "reopen_step"}.get(step)
    return needed is None or bool(way.settings.get(needed))


def _asked(step: Step, notice: Notice, way: Way) -> tuple[str, dict[str, Any]]:
    """The address under /issue, and the body."""
    if step is Step.OPEN:
        return "", {"fields": _fields(notice, way.settings)}
    if step is Step.COMMENT:
        return f"/{way.thread}/comment", {"body": _wiki(notice)}
    chosen = way.settings["end_step" if step is Step.END else "reopen_step"]
    return f"/{way.thread}/transitions", {"transition": {"id": chosen}}


def _fields(notice: Notice, settings: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "project": {"key": settings["project"]},
        "issuetype": {"name": settings["issue_type"]},
        "summary": tickets.title(notice),
        "description": _wiki(notice),
    }
    labels = [each.replace(" ", "-") for each in tickets.listed(settings.get("labels", ""))]  # Jira takes no spaces
    return fields | ({"labels": labels} if labels else {})


def _wiki(notice: Notice) -> str:
    """The words, of which none is notation: no mention, no link, no macro."""
    said = tickets.words(notice).replace("{noformat", "{ noformat")
    link = f"{notice.facts.url}\n\n" if notice.facts else ""
    return f"{link}{{noformat}}\n{said}\n{{noformat}}"


def _request(way: Way, place: str, body: dict[str, Any]) -> HttpRequest:
    email, token = way.settings.get("email", ""), way.settings["token"]
    proof = f"Basic {base64.b64encode(f'{email}:{token}'.encode()).decode()}" if email else f"Bearer {token}"
    url = f"{way.settings['url'].rstrip('/')}/rest/api/2/issue{place}"
    return HttpRequest(
        "POST", url, {"Authorization": proof, "Content-Type": "application/json"}, msgspec.json.encode(body)
    )
