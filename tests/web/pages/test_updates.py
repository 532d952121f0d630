"""Status updates and the checklist on their pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_incident
from tocsin.incidents import publishing, update_clocks
from tocsin.incidents.models import Incident
from tocsin.incidents.publishing import Described
from tocsin.incidents.status_page import ComponentState, Outage
from tocsin.incidents.updates import StatusUpdate

pytestmark = pytest.mark.django_db
FORM = {
    "audience": "external",
    "moment": "identified",
    "headline": "Payments fail",
    "text": "We know why.",
    "impact": "partial outage",
    "data_loss": "no",
    "next": "30",
}


def at(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.pk}{rest}"


def read(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_an_update_comes_drafted_for_whom_it_is_for(browser: Client, diagnosed: Incident) -> None:
    page = read(browser, at(diagnosed, "/updates"))
    assert "Cause: cart was killed at its limit of 384Mi" in page
    page = read(browser, at(diagnosed, "/updates?audience=external"))
    assert "We have found the cause and are working on a fix." in page
    assert "384Mi" not in page.partition('id="compose"')[2]


def test_an_update_is_sent_and_shown_on_the_incident(browser: Client, incident: Incident) -> None:
    answer = browser.post(at(incident, "/updates"), FORM)
    assert answer["Location"] == at(incident, "#updates")
    update = StatusUpdate.objects.get()
    assert (update.sent_by, update.data_loss) == ("alice", "no")
    assert update.next_update_at is not None
    page = read(browser, at(incident))
    assert f'id="update-{update.pk}"' in page
    assert "Told outsiders (identified): Payments fail." in page


def test_what_is_not_for_outsiders_is_shown_and_sent_once_it_was_read(browser: Client, incident: Incident) -> None:
    form = FORM | {"text": "cart-7f9c on 10.0.3.17 has a memory leak."}
    answer = browser.post(at(incident, "/updates"), form)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Not sent yet." in page
    for words in ("cart-7f9c", "10.0.3.17", "memory leak", "“a program that used up its memory”"):
        assert words in page.partition('id="findings"')[2]
    assert "cart-7f9c on 10.0.3.17 has a memory leak.</textarea>" in page
    assert not StatusUpdate.objects.exists()
    assert browser.post(at(incident, "/updates"), form | {"read": "on"}).status_code == 302


def test_a_secret_is_not_sent_even_if_it_was_read(browser: Client, incident: Incident) -> None:
    answer = browser.post(at(incident, "/updates"), FORM | {"text": "password=hunter22", "read": "on"})
    assert answer.status_code == 400
    assert "A secret is never sent" in answer.content.decode()


def test_words_are_looked_at_while_they_are_typed(browser: Client, incident: Incident) -> None:
    answer = browser.post(at(incident, "/updates/check"), FORM | {"text": "See http://wiki/x"})
    assert "http://wiki/x" in answer.content.decode()
    assert "outsiders should not read" in browser.post(at(incident, "/updates/check"), FORM).content.decode()
    assert browser.post(at(incident, "/updates/check"), {}).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"moment": "soon"}, {"began": "yesterday"}, {"headline": ""}, {"component-1": "odd"}]
)
def test_what_can_not_be_sent_is_said_and_nothing_is_lost(
    browser: Client, incident: Incident, wrong: dict[str, str]
) -> None:
    answer = browser.post(at(incident, "/updates"), FORM | wrong)
    assert answer.status_code == 400
    assert "We know why.</textarea>" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_a_correction_begins_with_what_was_said(browser: Client, incident: Incident) -> None:
    browser.post(at(incident, "/updates"), FORM)
    first = StatusUpdate.objects.get()
    page = read(browser, at(incident, f"/updates?audience=external&corrects={first.pk}"))
    assert "Send the correction" in page
    assert "We know why.</textarea>" in page
    browser.post(at(incident, "/updates"), FORM | {"text": "We do not.", "corrects": str(first.pk)})
    assert StatusUpdate.objects.exclude(pk=first.pk).get().corrects == first


def test_components_of_the_status_page_are_said_with_it(browser: Client, incident: Incident) -> None:
    page = publishing.kept_page(None)
    publishing.set_public(page.pk, public=True, now=timezone.now())
    checkout = publishing.add_component(page.pk, Described("Checkout"), timezone.now())
    assert "Checkout" in read(browser, at(incident, "/updates?audience=external"))
    began = f"{timezone.now() - timedelta(hours=2):%Y-%m-%dT%H:%M}"
    browser.post(at(incident, "/updates"), FORM | {f"component-{checkout.pk}": "degraded", "began": began})
    assert ComponentState.objects.get().state == "degraded"
    assert Outage.objects.get().incident == incident


def test_who_tells_of_the_end_reads_what_becomes_of_the_components(browser: Client, incident: Incident) -> None:
    page = publishing.kept_page(None)
    publishing.set_public(page.pk, public=True, now=timezone.now())
    publishing.add_component(page.pk, Described("Checkout"), timezone.now())
    assert "operational again" not in read(browser, at(incident, "/updates?audience=external&moment=monitoring"))
    assert "operational again" in read(browser, at(incident, "/updates?audience=external&moment=resolved"))


def test_the_list_says_where_people_wait_for_news(browser: Client) -> None:
    incident = make_incident(triggered_at=timezone.now() - timedelta(hours=2))
    update_clocks.look(incident.pk, timezone.now())
    assert "update overdue" in read(browser, "/")
    assert "overdue" in read(browser, at(incident)).partition('id="updates"')[2]
    browser.post(at(incident, "/updates"), FORM)
    assert "update overdue" not in read(browser, "/")


def test_the_checklist_is_ticked_and_taken_back(browser: Client, incident: Incident) -> None:
    item = {"item": "Support knows what to answer"}
    assert browser.post(at(incident, "/checklist"), item | {"done": "1"})["Location"] == at(incident, "#checklist")
    assert "by alice" in read(browser, at(incident)).partition('id="checklist"')[2]
    browser.post(at(incident, "/checklist"), item)
    assert not incident.ticks.exists()
    assert browser.post(at(incident, "/checklist"), {"item": "odd", "done": "1"}).status_code == 400


def test_parts_are_renewed_while_the_page_is_open(browser: Client, incident: Incident) -> None:
    live = read(browser, at(incident, "/live"))
    assert 'id="updates"' in live
    assert 'id="checklist"' in live


def test_who_was_not_told_of_the_end_is_named_until_they_are(browser: Client, incident: Incident) -> None:
    browser.post(at(incident, "/updates"), FORM)
    assert "It is over, but" not in read(browser, at(incident))
    browser.post(at(incident, "/status"), {"to": "resolved", "resolution": "fixed"})
    assert "It is over, but outsiders still read" in read(browser, at(incident))
    browser.post(at(incident, "/updates"), FORM | {"moment": "resolved"})
    assert "It is over, but" not in read(browser, at(incident))


def test_viewers_read_but_do_not_tell(viewer: Client, incident: Incident) -> None:
    assert 'id="tell-outsiders"' not in read(viewer, at(incident))
    assert viewer.get(at(incident, "/updates")).status_code == 403
    for rest in ("/updates", "/updates/check", "/checklist"):
        assert viewer.post(at(incident, rest), FORM).status_code == 403


@pytest.mark.parametrize("query", ["?audience=odd", "?moment=odd"])
def test_what_there_is_not_is_not_found(browser: Client, incident: Incident, query: str) -> None:
    assert browser.get(at(incident, f"/updates{query}")).status_code == 404
    assert browser.get("/incidents/999999/updates").status_code == 404
