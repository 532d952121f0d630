"""Alerts, silences and merging, as people use them in a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_incident
from tests.web.pages.stored import make_alert
from tocsin.alerts.models import Silence
from tocsin.incidents.models import Incident, LearntPair

pytestmark = pytest.mark.browser


@pytest.fixture
def storm(transactional_db: None) -> Incident:
    """An incident of many alerts, beside another, with something learnt and a silence that holds."""
    incident, now = make_incident(), timezone.now()
    for number in range(25):
        make_alert(incident, title=f"Slow {number % 4}", began_at=now, labels={"namespace": "shop"}, severity="warning")
    make_alert(make_incident("Full: shop/db"), title="Full", began_at=now)
    silence = Silence.objects.create(
        starts_at=now,
        ends_at=now + timedelta(hours=2),
        active_from=now,
        active_until=now + timedelta(hours=2),
        matchers='namespace="shop"',
        reason="Upgrade of the shop's database",
        created_by="alice",
    )
    Incident.objects.filter(pk=incident.pk).update(held_by=silence, held_until=silence.active_until)
    LearntPair.objects.create(
        environment=incident.environment,
        one="A @ x",
        other="B @ y",
        is_together=True,
        actor="bob",
        at=now,
        reason="disk",
    )
    return incident


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_everything_can_be_read_and_fits(opens: Opens, storm: Incident, size: ViewportSize, scheme: str) -> None:
    page = opens("/", size=size, scheme=scheme)
    silence = Silence.objects.get().pk
    for address in (
        "/alerts",
        "/alerts?view=all&q=nothing",
        "/silences",
        f"/silences/{silence}/edit",
        "/silences/new",
        "/grouping",
        f"/incidents/{storm.pk}",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        assert page.evaluate(FAINT_TEXT) == [], address
        assert page.evaluate(SIDEWAYS) == 0, address


def test_from_chosen_alerts_to_a_silence_that_is_kept(opens: Opens, storm: Incident) -> None:
    page = opens("/alerts")
    page.get_by_label("Choose Full").check()
    page.get_by_role("button", name="Silence the chosen…").click()
    expect(page.get_by_label("What is it about?", exact=False)).to_have_value('@title="Full"')
    page.get_by_label("Why?").fill("Known, and on its way")
    page.get_by_role("button", name="Show what it would match").click()
    expect(page.locator("#preview")).to_contain_text("Full")
    page.get_by_role("button", name="Keep this silence").click()
    expect(page.locator(".silences")).to_contain_text("Known, and on its way")


def test_merging_by_hand(opens: Opens, storm: Incident) -> None:
    other = Incident.objects.exclude(pk=storm.pk).get()
    page = opens(f"/incidents/{other.pk}")
    page.locator("#open-merge").click()
    page.get_by_label("Make it part of").fill(storm.name)
    page.get_by_label("Why are they one?").fill("the same disk")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.locator("#bonds")).to_contain_text(f"This is part of {storm.name}")


def test_on_a_phone_the_place_that_is_open_is_in_sight(opens: Opens, storm: Incident) -> None:
    expect(opens("/silences", size=PHONE).locator(".bar nav [aria-current]")).to_be_in_viewport(ratio=1)
