"""Keys, their sheet, and the command palette."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.test_pages import full_incident
from tests.factories import make_incident

pytestmark = pytest.mark.browser


def test_a_question_mark_shows_the_keys_that_work_on_this_page(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(page.get_by_text("Set the severity")).to_be_visible()
    expect(page.get_by_text("Next row")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_two_keys_go_to_a_page(opens: Opens) -> None:
    page = opens("/")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", level=1, name="Services")).to_be_visible()


def test_an_incident_is_acknowledged_and_annotated_by_key(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.keyboard.press("a")
    expect(page.locator(".status.acknowledged")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_label("A note for the timeline")).to_be_focused()


def test_nothing_happens_while_somebody_types(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.keyboard.press("n")
    page.keyboard.type("a gs? r")
    expect(page.get_by_label("A note for the timeline")).to_have_value("a gs? r")
    expect(page.locator(".status.triggered")).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_menu_opens_by_key_and_escape_gives_the_focus_back(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.keyboard.press("s")
    expect(page.get_by_label("How bad is it?")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("How bad is it?")).to_be_hidden()
    expect(page.locator("#open-severity")).to_be_focused()


def test_the_palette_finds_an_incident_and_opens_it(opens: Opens) -> None:
    make_incident("DatabaseDown: orders")
    page = opens("/services")
    page.keyboard.press("Control+k")
    page.keyboard.type("databasedown")
    expect(page.get_by_role("option", name="DatabaseDown: orders")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="DatabaseDown: orders")).to_be_visible()


def test_the_palette_does_what_the_page_can(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.get_by_role("button", name="Search, go or do").click()
    page.get_by_role("combobox", name="Search, go or do").fill("mitig")
    page.keyboard.press("Enter")
    expect(page.locator(".status.mitigating")).to_be_visible()


def test_the_palette_says_when_nothing_is_called_so(opens: Opens) -> None:
    page = opens("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("zzzzzz")
    expect(page.get_by_text("Nothing is called so.")).to_be_visible()
