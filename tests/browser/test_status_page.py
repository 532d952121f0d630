"""The public status page in a real browser, and where it is set up."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_incident
from tests.incidents.published import make_page, tell
from tocsin.accounts.models import Role, User
from tocsin.incidents import publishing
from tocsin.incidents.audience import Impact, Moment
from tocsin.incidents.publishing import Described, Work
from tocsin.incidents.uptime import State

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def full_page(words: str = "Orders can fail at checkout") -> None:
    """A page with something of everything, a few minutes old."""
    now = timezone.now()
    page, [shop, search] = make_page("Shop", "Search")
    publishing.describe(page.pk, words[:100], words, seen=page.version)
    publishing.edit_component(page.pk, search.pk, Described("Search", words, "Partners"), seen=page.version + 1)
    tell(make_incident(), {shop: State.MAJOR, search: State.DEGRADED}, at=now, headline=words, text=words)
    over = make_incident()
    tell(over, {search: State.PARTIAL}, at=now - 30 * HOUR)
    tell(over, moment=Moment.RESOLVED, at=now - 29 * HOUR, impact=Impact.NONE)
    for starts in (now, now + 48 * HOUR):
        work = Work(words[:100], words, starts, starts + HOUR, [shop.pk])
        publishing.announce(page.pk, work, actor="alice", now=now)


def go(page: Page, address: str, words: str) -> None:
    """Opens a page once it says something; the server looks every two seconds."""
    for _ in range(100):
        if words in page.request.get(address).text():
            page.goto(address)
            return
        time.sleep(0.2)
    raise AssertionError(f"the page never said “{words}”")


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found.response["violations"] for node in fault["nodes"]]


def test_what_was_told_to_outsiders_appears_without_a_login_and_without_scripts(opens: Opens) -> None:
    _, [shop] = make_page("Checkout")
    page = opens("/login", login=False, scripts=False)
    page.context.clear_cookies()  # those of the login page
    tell(make_incident("KubePodCrashLooping"), {shop: State.MAJOR}, at=timezone.now())
    go(page, "/status", "Checkout fails")
    expect(page.get_by_role("heading", level=1)).to_have_text("Major outage")
    assert "KubePodCrashLooping" not in page.content()
    page.get_by_role("link", name="Checkout fails").click()
    expect(page.locator(".updates")).to_contain_text("We are looking.")
    assert page.context.cookies() == []


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_everybody_can_read_all_of_it(opens: Opens, scheme: str, size: ViewportSize) -> None:
    said = f"Orders fail, {scheme} {size['width']} "  # the server shows what the test before said for two seconds
    full_page(said + "x" * 90)
    page = opens("/login", scheme=scheme, size=size, login=False)
    go(page, "/status", said.strip())
    incident = page.locator(".incident h3 a").get_attribute("href")
    for address in ("/status", "/status/history", incident or ""):
        page.goto(address)
        assert faults(page) == [], address
        assert page.evaluate(FAINT_TEXT) == [], address
        assert page.evaluate(SIDEWAYS) == 0, address


def test_hostile_words_do_nothing(opens: Opens) -> None:
    full_page(HOSTILE)
    page = opens("/login", login=False)
    go(page, "/status", "document.title")
    assert page.title() != "owned"
    assert page.locator("script, img").count() == 0


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_manager_sets_it_up(opens: Opens, alice: User, scheme: str) -> None:
    User.objects.filter(pk=alice.pk).update(role=Role.MANAGER)
    page = opens("/settings/status-page", scheme=scheme)
    page.locator("#name-new").fill("Checkout")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Show it to everybody").click()
    expect(page.locator("#public-heading")).to_have_text("Public")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
    assert faults(page) == []
    assert page.evaluate(FAINT_TEXT) == []
    go(page, "/status", "All systems operational")
