"""Similar incidents, on a page, over the API and on the command line."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.factories import make_incident
from tests.web.pages.stored import store_investigation
from tocsin.incidents.models import Incident


def test_an_incident_before_is_shown_with_the_reason_and_a_link(browser: Client, incident: Incident) -> None:
    store_investigation(incident)
    again = make_incident(title="again")
    store_investigation(again)
    page = browser.get(reverse("incident", args=[again.pk])).content.decode()
    assert f'<a href="/incidents/{incident.pk}"><span class="number">{incident.name}</span>' in page
    assert "the same subject, shop/cart, the same cause, oom-killed" in page
    assert "<b>It was</b> cart was killed at its limit of 384Mi" in page


def test_where_none_was_alike_that_is_said(browser: Client, incident: Incident) -> None:
    assert "None before was like it." in browser.get(reverse("incident", args=[incident.pk])).content.decode()
