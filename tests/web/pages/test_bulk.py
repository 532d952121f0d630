"""Several incidents at once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import NOW, make_incident, make_user
from tocsin.accounts.models import User
from tocsin.incidents.models import Incident


def post(browser: Client, *incidents: Incident, **said: str) -> str:
    data = {"incident": [str(one.pk) for one in incidents], **said}
    return browser.post("/incidents/bulk", data).content.decode()


def test_each_gets_the_change_and_a_line_of_its_own(browser: Client) -> None:
    one, two = make_incident("One"), make_incident("Two")
    post(browser, one, two, what="resolve", resolution="false alarm", note="a test of ours")
    for incident in (one, two):
        incident.refresh_from_db()
        assert (incident.status, incident.resolution) == ("resolved", "false alarm")
        assert [entry.kind for entry in incident.timeline.order_by("id")] == ["status", "note"]


def test_one_that_refuses_does_not_keep_the_others(browser: Client) -> None:
    one, over = make_incident(), make_incident(status="resolved", resolved_at=NOW)
    page = post(browser, one, over, what="acknowledge", note="mine")
    assert Incident.objects.get(pk=one.pk).status == "acknowledged"
    assert "left as it is" in page
    assert "resolved → acknowledged" in page
    assert not over.timeline.exists()


def test_giving_away_can_be_undone(browser: Client, alice: User) -> None:
    bob = make_user("bob")
    one, two = make_incident(), make_incident(assignee=bob)
    page = post(browser, one, two, what="assign", assignee=str(alice.pk))
    was = re.findall(r'name="was" value="(.*?)"', page)
    assert was == [f"{one.pk}::{alice.pk}", f"{two.pk}:{bob.pk}:{alice.pk}"]
    browser.post("/incidents/bulk/undo", {"what": "assign", "was": was})
    assert [each.assignee for each in Incident.objects.order_by("pk")] == [None, bob]


def test_resolving_can_be_undone(browser: Client) -> None:
    one = make_incident(status="mitigating", mitigating_at=NOW)
    page = post(browser, one, what="resolve", resolution="fixed")
    assert f'value="{one.pk}:mitigating:resolved"' in page
    browser.post("/incidents/bulk/undo", {"what": "resolve", "was": [f"{one.pk}:mitigating:resolved"]})
    one.refresh_from_db()
    assert (one.status, one.resolved_at) == ("mitigating", None)


@pytest.mark.parametrize(("what", "was"), [("assign", "{one}:{bob}:{alice}"), ("resolve", "{one}:triggered:resolved")])
def test_what_somebody_has_changed_since_is_not_undone(browser: Client, alice: User, what: str, was: str) -> None:
    carol = make_user("carol")
    one = make_incident(status="closed", closed_at=NOW, resolved_at=NOW, assignee=carol)
    said = was.format(one=one.pk, alice=alice.pk, bob=make_user("bob").pk)
    page = browser.post("/incidents/bulk/undo", {"what": what, "was": [said]}).content.decode()
    assert "changed again since" in page
    one.refresh_from_db()
    assert (one.status, one.assignee) == ("closed", carol)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"what": "delete"}, "nothing that can be done"),
        ({"what": "resolve", "resolution": "odd"}, "is no way to end"),
        ({"what": "assign", "assignee": "4711"}, "can&#x27;t take"),
    ],
)
def test_what_can_not_be_done_with_any_is_said(browser: Client, said: dict[str, str], complaint: str) -> None:
    assert complaint in post(browser, make_incident(), **said)


def test_nothing_selected_is_said(browser: Client) -> None:
    assert "Select incidents" in post(browser, what="close")


def test_what_is_not_there_is_not_spoken_of(browser: Client) -> None:
    answer = browser.post("/incidents/bulk", {"what": "close", "incident": ["4711", "x", "9" * 50]})
    assert "None of these incidents is there" in answer.content.decode()


def test_whoever_may_only_look_changes_nothing(viewer: Client) -> None:
    assert viewer.post("/incidents/bulk", {"what": "close"}).status_code == 403
    assert viewer.post("/incidents/bulk/undo", {}).status_code == 403
