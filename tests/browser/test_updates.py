"""Status updates in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_incident
from tests.web.pages.stored import store_investigation
from tocsin.incidents.updates import StatusUpdate

pytestmark = pytest.mark.browser


def test_words_are_looked_at_while_they_are_typed_and_another_page_sees_what_was_sent(opens: Opens) -> None:
    incident = make_incident(triggered_at=timezone.now())
    other = opens(f"/incidents/{incident.pk}")
    expect(other.locator("#live")).to_have_attribute("data-state", "on")
    page = opens(f"/incidents/{incident.pk}/updates?audience=external")
    page.get_by_label("What do they notice?").fill("Some payments fail")
    page.get_by_role("textbox", name="Text").fill("cart-7f9c is full.")
    expect(page.locator("#findings")).to_contain_text("cart-7f9c")
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Tell outsiders").click()
    expect(page.locator("#updates")).to_contain_text("Some payments fail")
    expect(other.locator("#updates")).to_contain_text("Some payments fail")
    assert StatusUpdate.objects.get().text == "cart-7f9c is full."


def test_the_checklist_is_ticked_with_a_click(opens: Opens) -> None:
    page = opens(f"/incidents/{make_incident().pk}")
    page.get_by_role("button", name="Done: Support knows what to answer").click()
    expect(page.locator("#checklist")).to_contain_text("by alice")


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_it_can_be_read_and_fits(opens: Opens, scheme: str, size: ViewportSize) -> None:
    incident = make_incident()
    store_investigation(incident)
    for path in (f"/incidents/{incident.pk}/updates?audience=external", "/settings/communication"):
        page = opens(path, scheme=scheme, size=size)
        assert page.evaluate(FAINT_TEXT) == []
        assert not page.evaluate(SIDEWAYS)
