"""Issues are opened, commented on, closed and reopened with their incident."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.notifications.saying import notice, way
from tocsin.notifications import tickets
from tocsin.notifications.channel import Answer, BadSettings, Refused, Taken
from tocsin.notifications.channels import channels, checked, github, gitlab, jira
from tocsin.notifications.notice import Kind

JIRA = {"end_step": "31", "reopen_step": "11"}
TRACKERS = {"github": "7", "gitlab": "7", "jira": "OPS-7"}


def asked(kind: str, event: Kind, thread: str = "", **settings: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and body of each request."""
    given = (JIRA if kind == "jira" else {}) | settings
    requests = channels()[kind].render(notice(event), way(kind, thread=thread, **given))
    base = "https://vendor.example.org/canary-path"
    return [(r.method, r.url.removeprefix(base), json.loads(r.body)) for r in requests]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("github", "/repos/acme/shop/issues"),
        ("gitlab", "/api/v4/projects/acme%2Fshop/issues"),
        ("jira", "/rest/api/2/issue"),
    ],
)
def test_a_new_incident_becomes_an_issue(kind: str, path: str) -> None:
    project = {"project": "acme/shop"} if kind == "gitlab" else {}
    [(method, found, body)] = asked(kind, Kind.NEW, **project)
    assert (method, found) == ("POST", path)
    assert "Cart is down" in json.dumps(body)
    assert "https://tocsin.example.org/incidents/23" in json.dumps(body)


@pytest.mark.parametrize("kind", sorted(TRACKERS))
def test_what_goes_on_is_a_comment_and_nothing_without_an_issue(kind: str) -> None:
    [(method, path, _)] = asked(kind, Kind.DIAGNOSED, TRACKERS[kind])
    assert (method, TRACKERS[kind] in path) == ("POST", True)
    assert asked(kind, Kind.RESOLVED) == asked(kind, Kind.DIAGNOSED) == []


@pytest.mark.parametrize(
    ("kind", "end", "reopening"),
    [
        ("github", {"state": "closed", "state_reason": "completed"}, {"state": "open"}),
        ("gitlab", {"state_event": "close"}, {"state_event": "reopen"}),
        ("jira", {"transition": {"id": "31"}}, {"transition": {"id": "11"}}),
    ],
)
def test_an_end_closes_the_issue_and_a_reopening_opens_it(
    kind: str, end: dict[str, Any], reopening: dict[str, Any]
) -> None:
    assert [body for _, _, body in asked(kind, Kind.RESOLVED, TRACKERS[kind])][1:] == [end]
    assert [body for _, _, body in asked(kind, Kind.REOPENED, TRACKERS[kind])][1:] == [reopening]


@pytest.mark.parametrize(
    ("kind", "body", "thread"),
    [
        ("github", b'{"id": 1, "number": 7}', "7"),
        ("gitlab", b'{"id": 9, "iid": 7}', "7"),
        ("jira", b'{"key": "OPS-7"}', "OPS-7"),
    ],
)
def test_the_issue_is_known_by_its_number(kind: str, body: bytes, thread: str) -> None:
    assert {"github": github, "gitlab": gitlab, "jira": jira}[kind].verdict(Answer(201, body)) == Taken(thread)


def test_without_a_transition_jira_is_only_commented_on() -> None:
    assert len(asked("jira", Kind.RESOLVED, "OPS-7", end_step="")) == 1


def test_an_issue_that_somebody_moved_stays_as_it_is() -> None:
    said = b'{"errorMessages": ["... is not valid for the current state of this issue."]}'
    assert jira.verdict(Answer(400, said)) == Taken()


def test_too_many_requests_to_github_are_made_later() -> None:
    found = github.verdict(Answer(403, b"", {"X-RateLimit-Remaining": "0"}))
    assert isinstance(found, Refused)
    assert found.is_temporary
    assert github.verdict(Answer(403, b"")) is None


def test_words_can_not_leave_their_block() -> None:
    text = "```` \n/close\n@everyone {noformat} [~all]"
    said = tickets.markdown(notice(text=text))
    fence = said.splitlines()[2].removesuffix("text")
    assert fence == said.splitlines()[-1]
    assert fence not in said.split(f"{fence}text\n")[1].removesuffix(fence)
    description = jira._fields(notice(text=text), way("jira").settings)["description"]
    assert description.count("{noformat}") == 2


@pytest.mark.parametrize(
    ("kind", "wrong", "why"),
    [
        ("github", {"repository": "shop"}, "OWNER/NAME"),
        ("github", {"repository": "../x"}, "OWNER/NAME"),
        ("jira", {"url": "https://x.example", "end_step": "Done"}, "a number is expected"),
    ],
)
def test_settings_that_can_not_work_are_refused(kind: str, wrong: dict[str, str], why: str) -> None:
    with pytest.raises(BadSettings, match=why):
        checked(kind, {"repository": "acme/shop", "token": "canary-token", "project": "OPS"} | wrong)
