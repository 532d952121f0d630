"""The list of alerts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import NOW, make_incident
from tests.web.pages.stored import make_alert
from tocsin.alerts.models import Alert
from tocsin.incidents.models import Incident, IncidentOccurrence

pytestmark = pytest.mark.django_db


def stored(title: str, minutes: int = 0, firing: bool = True, **values: object) -> Alert:
    """An alert of the newest incident."""
    incident = Incident.objects.order_by("-id").first() or make_incident()
    given = {"title": title, "fingerprint": title, "firing": firing, "began_at": NOW + timedelta(minutes=minutes)}
    make_alert(incident, 1, **given, **values)
    return Alert.objects.get(title=title)


def listed(browser: Client, query: str = "") -> list[str]:
    return [row.alert.title for row in browser.get(f"/alerts?{query}").context["rows"]]


def test_firing_ones_first_and_the_newest_of_them(browser: Client) -> None:
    stored("Old"), stored("Over", 9, firing=False), stored("New", 5)
    assert listed(browser) == ["New", "Old"]
    assert listed(browser, "view=all") == ["New", "Old", "Over"]


def test_each_leads_to_its_incident_and_its_signal(browser: Client) -> None:
    stored("Down")
    page = browser.get("/alerts").content.decode()
    assert Incident.objects.get().name in page
    assert f'href="/signals/{IncidentOccurrence.objects.get().occurrence.signal_id}"' in page


def test_words_labels_and_choices_narrow_it(browser: Client) -> None:
    disk = stored("DiskFull", labels={"namespace": "shop"}, severity="Critical")
    stored("DiskSlow", labels={"namespace": "web"}, severity="warning")
    for query in ("q=full", "q=disk+namespace=shop", "severity=critical", f"source={disk.source_id}"):
        assert listed(browser, query) == ["DiskFull"]
    assert listed(browser, "q=namespace=nowhere") == []


def test_pages_follow_each_other_without_gaps(browser: Client) -> None:
    names = [f"A{n:03}" for n in range(120)]
    for number, name in enumerate(names):
        stored(name, number // 2, firing=number % 3 > 0)
    seen, after = [], ""
    while True:
        answer = browser.get(f"/alerts?view=all&after={after}")
        seen += [row.alert.title for row in answer.context["rows"]]
        after = answer.context["next"]
        if not after:
            break
    assert sorted(seen) == names


@pytest.mark.parametrize("query", ["view=odd", "after=x", "after=-1"])
def test_an_address_that_means_nothing_is_not_found(browser: Client, query: str) -> None:
    assert browser.get(f"/alerts?{query}").status_code == 404


def test_silencing_the_chosen_leads_to_a_form_that_knows_them(browser: Client) -> None:
    chosen = [stored(name, labels={"namespace": "shop", "pod": name}).pk for name in ("Slow", "Down (2)")]
    answer = browser.post("/alerts/chosen", {"alert": chosen, "what": "silence"}, follow=True)
    assert answer.context["typed"]["matchers"] == '@title=~"Down \\\\(2\\\\)|Slow"\nnamespace="shop"'


def test_declaring_for_the_chosen_leads_to_a_form_that_knows_them(browser: Client) -> None:
    one, _ = stored("Slow"), stored("Down")
    answer = browser.post("/alerts/chosen", {"alert": [one.pk], "what": "declaration"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/incidents/new?alerts={one.pk}"
    assert b'value="Slow"' in answer.content


def test_without_a_choice_it_says_so(browser: Client) -> None:
    stored("Slow")
    assert b"Choose the alerts first" in browser.post("/alerts/chosen", {"what": "declaration"}).content


def test_viewers_look_only(viewer: Client) -> None:
    one = stored("Slow")
    assert b'type="checkbox"' not in viewer.get("/alerts").content
    assert viewer.post("/alerts/chosen", {"alert": [one.pk], "what": "declaration"}).status_code == 403
