"""What lists, searches and bodies of requests let through: nothing of a project that somebody does not see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.web.access.asking import ask, outcome, text_of
from tests.web.access.expectations import ADMIN, FORBIDDEN, IN, MATE, OWNER, STRANGER
from tests.web.access.world import MARK, World
from tocsin.accounts.access import Role
from tocsin.catalog.memberships import Membership
from tocsin.catalog.models import Project
from tocsin.oncall.escalations import EscalationPolicy
from tocsin.oncall.models import Schedule

# Lists as they are asked for in ways that the routes alone don't show.
ASKED: list[Callable[[World], str]] = [
    lambda _: "/?view=all",
    lambda _: "/?q=checkout",
    lambda _: "/?q=check&view=all",
    lambda _: "/incidents/statistics?view=all",
    lambda _: "/find?q=checkout",
    lambda _: "/find?q=cart",
    lambda _: "/alerts?view=all",
    lambda world: f"/alerts?incident={world.incident.pk}",
    lambda world: f"/silences/new?alert={world.alert}",
    lambda world: f"/deployments?like={world.run.pk}",
    lambda world: f"/signals?source={world.source.pk}",
    lambda _: "/services?q=cart",
    lambda _: "/postmortems?view=pending",
    lambda _: "/api/v1/incidents?view=all&q=checkout",
    lambda _: "/api/v1/actions?view=all",
    lambda world: f"/api/v1/actions?incident={world.incident.pk}",
]


@pytest.mark.parametrize("asked", ASKED)
def test_a_list_shows_what_is_there_to_those_who_see_it_alone(world: World, asked: Callable[[World], str]) -> None:
    address = asked(world)
    assert MARK in text_of(ask(world, ADMIN, "GET", address))
    answer = text_of(ask(world, STRANGER, "GET", address))
    assert MARK not in answer.replace(address, "")


def test_the_name_of_an_incident_leads_only_those_to_it_who_see_it(world: World) -> None:
    address = f"/?q={world.incident.name}"
    assert ask(world, OWNER, "GET", address)["Location"] == f"/incidents/{world.incident.pk}"
    assert ask(world, STRANGER, "GET", address).status_code == 200


@pytest.mark.parametrize("number", ["incident", "9"])
def test_a_stream_of_an_incident_is_not_there_for_strangers(world: World, number: str) -> None:
    asked = world.incident.pk if number == "incident" else 999_999
    assert ask(world, STRANGER, "GET", f"/events?incident={asked}").status_code == 404


def of_two_projects(world: World) -> Any:
    """The mate, who looks on here, and responds in another project."""
    elsewhere = Project.objects.get(slug="elsewhere")
    Membership.objects.create(project=elsewhere, user=world.people[MATE], role=Role.RESPONDER)
    return world.people[MATE]


BODIES = [
    ("POST", "/services/new", FORBIDDEN),
    ("POST", "/api/v1/incident-changes", IN),
    ("POST", "/incidents/bulk", IN),
    ("POST", "/incidents/bulk/undo", IN),
    ("POST", "/alerts/chosen", IN),
    ("POST", "/silences/submit", FORBIDDEN),
]


@pytest.mark.parametrize(("method", "address", "comes"), BODIES)
def test_a_role_in_one_project_is_none_in_another(world: World, method: str, address: str, comes: str) -> None:
    of_two_projects(world)
    before = world.state()
    assert outcome(ask(world, MATE, method, address)) == comes
    assert world.state() == before


def test_an_action_is_opened_only_where_one_may_respond(world: World) -> None:
    of_two_projects(world)
    headers = {"Authorization": f"Bearer {world.tokens[MATE]}"}
    action = {"incident": world.incident.pk, "title": "words", "kind": "prevent", "horizon": "now"}
    answer = Client(headers=headers).post("/api/v1/actions", action, "application/json")
    assert answer.status_code == 403
    assert "needs the role responder" in answer.json()["detail"]


def test_what_is_seen_but_can_not_be_changed_is_refused_with_what_is_missing(world: World) -> None:
    browser = Client()
    browser.force_login(of_two_projects(world))
    page = browser.post("/incidents/bulk", {"incident": [world.incident.pk], "what": "acknowledge"})
    assert "needs the role responder" in page.content.decode()
    silence = {"environment": world.environment.pk, "reason": "x", "what": "keep", "matchers": ""}
    times = {"starts": "2036-03-01T22:00", "ends": "2036-03-01T23:00"}
    assert browser.post("/silences/submit", silence | times).status_code == 403
    everywhere = silence | times | {"environment": "", "matchers": "@title=x"}
    assert browser.post("/silences/submit", everywhere).status_code == 403


def test_an_incident_is_given_only_to_those_who_may_work_on_it(world: World) -> None:
    browser = Client()
    browser.force_login(world.people[OWNER])
    address = f"/incidents/{world.incident.pk}"
    offered = browser.get(address).content.decode()
    assert "stranger" not in offered
    for chosen in (STRANGER, MATE):
        answer = browser.post(f"{address}/assignee", {"assignee": world.people[chosen].pk})
        assert answer.status_code == 400
    assert browser.post(f"{address}/assignee", {"assignee": world.people[OWNER].pk}).status_code == 302


def test_a_token_tells_what_it_may_where(world: World) -> None:
    told = ask(world, OWNER, "GET", "/api/v1/me").json()
    assert (told["role"], told["projects"]) == ("", {MARK: "responder"})


@pytest.mark.parametrize("person", [OWNER, STRANGER])
@pytest.mark.parametrize("asked", [("schedules", Schedule), ("escalation/policies", EscalationPolicy)])
def test_what_holds_everywhere_is_seen_by_whoever_has_a_role_anywhere(
    world: World, person: str, asked: tuple[str, type[Schedule | EscalationPolicy]]
) -> None:
    place, model = asked
    model._default_manager.update(project=None)
    address = f"/api/v1/{place}/{model._default_manager.get().slug}"
    assert ask(world, person, "GET", address).status_code == 200
    assert ask(world, person, "PUT", address).status_code == 403
