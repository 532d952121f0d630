"""GitLab: an issue for each incident, commented on and closed with it. https://docs.gitlab.com/api/issues/"""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from tocsin.notifications import tickets
from tocsin.notifications.channel import Ability, About, Answer, Field, HttpRequest, Usual, Verdict, Way
from tocsin.notifications.notice import Notice
from tocsin.notifications.tickets import Step

ABOUT = About(
    title="GitLab issues",
    fields=(
        Field("project", "Project", hint="Its path, such as acme/shop, or its number."),
        Field("token", "Access token", is_secret=True, hint="It begins with glpat-."),
        Field("labels", "Labels, between commas", is_required=False),
        Field("url", "Server", default="https://gitlab.com", is_required=False),
    ),
    steps=(
        "In GitLab, open the project › Settings › Access tokens, and make one with the role Reporter and the scope api.",
        "A test opens an issue, which says that it is one; close it by hand.",
    ),
    abilities=frozenset({Ability.THREADS, Ability.MACHINE}),
    usual=Usual.TICKETS,
    follows=tickets.FOLLOWS,
)


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """An issue; or, where the incident has one, a comment, and its end or its reopening."""
    return tuple(_request(step, notice, way) for step in tickets.steps(notice, way.thread))


def verdict(answer: Answer) -> Verdict | None:
    """The number of the issue within its project; None: the status says it all."""
    return tickets.opened(answer, "iid")


def _request(step: Step, notice: Notice, way: Way) -> HttpRequest:
    project = quote(way.settings["project"], safe="")
    issues = f"{way.settings['url'].rstrip('/')}/api/v4/projects/{project}/issues"
    said = tickets.markdown(notice)
    method, url, body = {
        Step.OPEN: ("POST", issues, {"title": tickets.title(notice), "description": said}),
        Step.COMMENT: ("POST", f"{issues}/{way.thread}/notes", {"body": said}),
        Step.END: ("PUT", f"{issues}/{way.thread}", {"state_event": "close"}),
        Step.REOPEN: ("PUT", f"{issues}/{way.thread}", {"state_event": "reopen"}),
    }[step]
    if step is Step.OPEN and (labels := tickets.listed(way.settings.get("labels", ""))):
        body["labels"] = ",".join(labels)
    headers = {"PRIVATE-TOKEN": way.settings["token"], "Content-Type": "application/json"}
    return HttpRequest(method, url, headers, msgspec.json.encode(body))
