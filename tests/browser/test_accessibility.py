"""Every page that there is, by the rules of WCAG 2.2 AA as axe-core reads them, dark and wide, light and narrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import SIDEWAYS
from tests.browser.test_pages import full_incident
from tests.web.access.expectations import ADMIN, EXPECTED
from tests.web.access.routes import API, pages
from tests.web.access.world import World, make_world

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
LOOKS = [("dark", LAPTOP), ("light", PHONE)]
READABLE = sorted(route for method, route in EXPECTED if method == "GET" and not route.startswith(API))


def faults(page: Page) -> list[str]:
    """What axe finds wrong: the rule and where."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"]]


def signed_in(page: Page, world: World, server: str) -> None:
    """Lets the page's browser in as the admin, who sees every form."""
    client = Client()
    client.force_login(world.people[ADMIN])
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}])


def addresses(page: Page, world: World) -> Iterator[str]:
    """The addresses that answer with a page: not those of files, parts of pages and streams."""
    for route in READABLE:
        if route in pages() and route != "events":
            address = world.address(route)
            answer = page.request.get(address)
            if answer.ok and answer.body().startswith(b"<!doctype html>"):
                yield address


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_no_page_breaks_a_rule(opens: Opens, server: str, scheme: str, size: ViewportSize) -> None:
    world = make_world()
    page = opens("/login", scheme=scheme, size=size, login=False)
    found, looked_at = faults(page), 1
    signed_in(page, world, server)
    for address in addresses(page, world):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((fold) => fold.open = true)")
        found += [f"{address} {fault}" for fault in faults(page) + ["is too wide"] * bool(page.evaluate(SIDEWAYS))]
        looked_at += 1
    assert looked_at > 25
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_open_menus_and_dialogs_break_no_rule(opens: Opens, scheme: str) -> None:
    page = opens(f"/incidents/{full_incident().pk}", scheme=scheme)
    for menu in page.locator("details.menu > summary").all():
        menu.click()
        assert faults(page) == []
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("cart")
    expect(page.locator("#palette-found li").first).to_be_visible()
    assert faults(page) == []


def test_pages_of_problems_break_no_rule(opens: Opens) -> None:
    # A page without a stream: that would look for its sign in what replaced the page.
    page = opens("/account", scheme="light")
    page.set_content(page.request.get("/nothing-there").text())
    assert faults(page) == []


def test_focus_is_seen_and_nothing_moves_for_who_wants_none(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.evaluate("document.getAnimations().length") == 0
