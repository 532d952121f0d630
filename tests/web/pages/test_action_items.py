"""Actions on their pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import NOW, make_environment, make_incident, make_user
from tests.web.pages.stored import make_report, store_investigation
from tocsin.accounts.models import User
from tocsin.incidents import followup
from tocsin.incidents.actions import Action, Horizon, Kind, Plan, State
from tocsin.incidents.models import Incident

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Alert on the queue",
    "kind": "detect",
    "horizon": "this sprint",
    "owner": "alice",
    "due_on": "2026-03-05",
    "criteria": "it **pages**",
}


def opened(title: str = "Alert on the queue", incident: Incident | None = None, **more: object) -> Action:
    plan = Plan(title, Kind.DETECT, Horizon.SPRINT, **more)  # type: ignore[arg-type]  # as each test says
    return followup.add((incident or make_incident()).pk, plan, actor="alice", now=NOW)


def test_an_action_is_opened_on_the_incident(browser: Client) -> None:
    incident = make_incident()
    answer = browser.post(f"/incidents/{incident.pk}/actions", TYPED, follow=True)
    action = Action.objects.get()
    assert (action.owner.username, action.due_on, action.criteria) == ("alice", date(2026, 3, 5), "it **pages**")  # type: ignore[union-attr]
    assert action.name in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "", "Give the action a title"),
        ("due_on", "soon", "looks like 2026-03-31"),
        ("owner", "mallory", "can&#x27;t own it"),
        ("kind", "wish", "choose one of"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_typed_is_lost(browser: Client, field: str, value: str, says: str) -> None:
    answer = browser.post(f"/incidents/{make_incident().pk}/actions", TYPED | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert says in page
    assert "it **pages**" in page
    assert not Action.objects.exists()


def test_of_no_incident_none_is_opened(browser: Client) -> None:
    assert browser.post("/incidents/4711/actions", TYPED | {"kind": "odd"}).status_code == 404


def test_its_page_shows_how_to_tell_that_it_is_done(browser: Client) -> None:
    action = opened(criteria="it **pages**")
    page = browser.get(f"/actions/{action.name}").content.decode()
    assert "<strong>pages</strong>" in page


@pytest.mark.parametrize("name", ["ACTION-INC999-1", "INC-001", "x"])
def test_there_is_no_page_of_what_is_not_there(browser: Client, name: str) -> None:
    assert browser.get(f"/actions/{name}").status_code == 404


def test_it_is_done_with_how_that_was_verified(browser: Client) -> None:
    action = opened()
    refused = browser.post(f"/actions/{action.name}/state", {"to": "done"})
    assert "how it was verified" in refused.content.decode()
    browser.post(f"/actions/{action.name}/state", {"to": "done", "words": "a drill"})
    action.refresh_from_db()
    assert (action.state, action.ended_by, action.ended_with) == ("done", "alice", "a drill")


def test_an_edit_of_what_somebody_else_changed_is_kept_in_the_form(browser: Client) -> None:
    action = opened()
    plan = Plan("Alert on its age", Kind.DETECT, Horizon.NOW)
    followup.revise(action.pk, plan, seen=1, actor="bob", now=NOW)
    answer = browser.post(f"/actions/{action.name}/edit", TYPED | {"version": "1", "title": "Mine"})
    assert "bob has changed" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    browser.post(f"/actions/{action.name}/edit", TYPED | {"version": "2"})
    action.refresh_from_db()
    assert action.title == "Alert on the queue"


def test_viewers_read_and_change_nothing(client: Client) -> None:
    client.force_login(make_user("vera", "viewer"))
    action = opened()
    assert "Move it" not in client.get(f"/actions/{action.name}").content.decode()
    for path in (
        f"/actions/{action.name}/state",
        f"/actions/{action.name}/edit",
        f"/incidents/{action.incident_id}/actions",
    ):
        assert client.post(path, TYPED | {"to": "dropped", "words": "no"}).status_code == 403


def test_each_view_has_its_own(browser: Client) -> None:
    today = timezone.now().date()
    opened("later", due_on=today + timedelta(days=9))
    opened("late", due_on=today - timedelta(days=2))
    opened("hers", owner=User.objects.get(username="alice").pk)
    followup.move(opened("over").pk, State.DROPPED, words="no", actor="alice", now=NOW)
    shown = {
        view: [row.action.title for row in browser.get(f"/actions?view={view}").context["rows"]]
        for view in ("active", "mine", "overdue", "completed")
    }
    assert shown == {"active": ["late", "later", "hers"], "mine": ["hers"], "overdue": ["late"], "completed": ["over"]}


def test_the_list_is_narrowed(browser: Client) -> None:
    opened("here")
    opened("there", make_incident(environment=make_environment(project="bank")))
    assert [row.action.title for row in browser.get("/actions?project=bank").context["rows"]] == ["there"]
    assert browser.get("/actions?horizon=now").context["total"] == 0
    assert browser.get("/actions?view=odd").status_code == 404
    assert browser.get("/actions?project=%00").context["total"] == 2


def test_a_findings_remedy_is_offered_once(browser: Client) -> None:
    incident = make_incident()
    store_investigation(incident, make_report())
    page = browser.get(f"/incidents/{incident.pk}")
    ((plan, finding),) = page.context["tracked"].suggested
    browser.post(f"/incidents/{incident.pk}/actions", TYPED | {"title": plan.title, "finding": finding})
    assert browser.get(f"/incidents/{incident.pk}").context["tracked"].suggested == ()
