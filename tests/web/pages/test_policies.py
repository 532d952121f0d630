"""The pages about escalation: policies, choices, the simulator, the auditor, and who was told of an incident."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_environment, make_service, make_user
from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tocsin.accounts.models import Role
from tocsin.oncall.escalations import Alarm, Escalation, EscalationPolicy, PolicyChoice, Watch
from tocsin.oncall.policies import choices_of, choose
from tocsin.web.pages.policies import places
from tocsin.workflows import auditing, escalating

pytestmark = pytest.mark.django_db
FORM = {"name": "Payments", "rounds": "2", "holds": "60", "step-0-targets": "person alice", "step-0-wait": "5"}


@pytest.fixture
def manager(db: None) -> Client:
    """The browser of somebody who sets things up."""
    client = Client()
    client.force_login(make_user("maria", Role.MANAGER))
    return client


def test_where_there_is_no_policy_the_page_says_what_one_is(browser: Client) -> None:
    assert b"Nobody is called by itself yet" in browser.get("/escalation").content


def test_a_policy_is_made_shown_edited_and_taken_out_of_use(manager: Client) -> None:
    make_user("alice")
    assert manager.post("/escalation/new", FORM)["Location"] == "/escalation/payments"
    assert '"target-kind">person</span> alice' in manager.get("/escalation/payments").content.decode()
    edited = FORM | {"version": "1", "step-1-targets": "role lead", "step-1-wait": "9"}
    manager.post("/escalation/payments/edit", edited)
    assert "role lead (9 min)" in manager.get("/escalation/payments").content.decode()
    assert manager.post("/escalation/payments/edit", edited).status_code == 409
    manager.post("/escalation/payments/archive")
    assert manager.get("/escalation/payments").status_code == 404


def test_a_policy_that_names_nobody_is_refused_and_nothing_is_lost(manager: Client) -> None:
    make_user("alice")
    answer = manager.post("/escalation/new", FORM | {"step-0-targets": "person nemo"})
    assert answer.status_code == 400
    assert "There is no person “nemo”." in answer.content.decode()
    assert "person nemo</textarea>" in answer.content.decode()


def test_what_would_happen_is_shown_while_one_types(manager: Client) -> None:
    make_reachable("alice")
    make_environment()
    typed = FORM | {"what": "preview"}
    answer = manager.post("/escalation/new", typed, headers={"HX-Request": "true"}).content.decode()
    assert "<strong>alice</strong> by push" in answer
    wrong = manager.post("/escalation/new", typed | {"step-0-wait": "x"}, headers={"HX-Request": "true"})
    assert "as a number" in wrong.content.decode()


def test_a_policy_is_chosen_for_a_service_and_no_longer(manager: Client) -> None:
    make_reachable("alice")
    make_policy(step("person alice"))
    make_service("cart")
    place = {"project": "shop", "service": "cart", "severity": "critical"}
    manager.post("/escalation/choices", place | {"policy": "shop"})
    assert PolicyChoice.objects.filter(service="cart").exists()
    manager.post("/escalation/choices", place)
    assert not PolicyChoice.objects.filter(service="cart").exists()
    refused = manager.post("/escalation/choices", place | {"policy": "shop", "service": "nothing"})
    assert refused.status_code == 400


def test_a_table_says_which_policy_counts_where_and_where_nobody_is_called(manager: Client) -> None:
    make_reachable("alice")
    make_policy(step("person alice"), name="Loud", severity="critical")
    loud, quiet = EscalationPolicy.objects.get(), make_policy(step("person alice"), name="Quiet", severity="low")
    project = make_environment().project
    choose(quiet, project=project, service="", severity="", actor="maria", now=timezone.now())
    choices = [each for found in choices_of([loud, quiet]).values() for each in found]
    found = [[choice and (choice.policy.name, own) for choice, own in place.cells] for place in places(choices)]
    assert found == [[("Loud", True), None, None, ("Quiet", True)], [("Quiet", True)] * 4]
    assert manager.get("/escalation").content.decode().count("nobody is called</span>") == 2


def test_the_simulator_says_who_would_be_told_when(browser: Client) -> None:
    make_reachable("carl")
    make_policy(step("person carl"))
    make_environment()
    asked = "/escalation?project=shop&severity=critical&at=2026-03-08T03:10&zone=Europe/Istanbul"
    answer = browser.get(asked).content.decode()
    assert '"course-at">Sun 03:10 <' in answer
    assert "<strong>carl</strong> by push" in answer
    assert "is no time zone" in browser.get(asked + "x").content.decode()
    assert "There is no service “crat” in shop." in browser.get(asked + "&service=crat").content.decode()


def test_a_silent_auditor_and_its_alarms_are_shown_until_somebody_notes_them(browser: Client, manager: Client) -> None:
    assert "The auditor has never looked" in browser.get("/escalation").content.decode()
    auditing.audit(timezone.now())
    alarm = Alarm.objects.create(incident=opened(), key="k", text="Nobody was called.", raised_at=timezone.now())
    shown = browser.get("/escalation").content.decode()
    assert "Nobody was called." in shown
    assert "has never looked" not in shown
    browser.post(f"/escalation/alarms/{alarm.pk}")
    assert "Nobody was called." not in browser.get("/escalation").content.decode()
    manager.post("/escalation/watch", {"channel": ""})
    assert Watch.objects.get().fallback is None


def test_an_incident_shows_who_was_told_and_who_is_next_and_an_answer_ends_that(browser: Client) -> None:
    make_reachable("carl")
    make_policy(step("person carl"), step("role lead"), holds=60)
    incident = opened(at=timezone.now())
    escalating.look(incident.pk, timezone.now())
    shown = browser.get(f"/incidents/{incident.pk}").content.decode()
    assert "<strong>carl</strong> by push" in shown
    assert "role lead" in shown
    browser.post(f"/incidents/{incident.pk}/answer")
    escalating.look(incident.pk, timezone.now())
    assert Escalation.objects.get().answered_by == "alice"
    shown = browser.get(f"/incidents/{incident.pk}").content.decode()
    assert "alice has it; without a word, a reminder follows" in shown


def test_an_incident_that_no_one_was_notified_of_wears_a_badge(browser: Client) -> None:
    make_user("carl")
    make_policy(step("person carl"))
    incident = opened(at=timezone.now())
    escalating.look(incident.pk, timezone.now())
    shown = browser.get(f"/incidents/{incident.pk}").content.decode()
    assert "no one was notified" in shown
    assert "carl has no confirmed way to be reached" in shown
