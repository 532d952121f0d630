"""Lists that people keep under a name."""

from __future__ import annotations

from django.test import Client

from tests.factories import make_user
from tocsin.incidents.views import MOST_VIEWS, SavedView


def keep(browser: Client, name: str = "Mine", parameters: str = "assignee=me", **more: str) -> int:
    return browser.post("/views", {"name": name, "parameters": parameters, **more}).status_code


def test_a_list_is_kept_and_found_again(browser: Client) -> None:
    keep(browser, "My high ones", "q=severity:high+cart&assignee=me&nonsense=1")
    view = SavedView.objects.get()
    assert browser.get(f"/views/{view.pk}")["Location"] == "/?q=cart&severity=high&assignee=me"
    assert "My high ones" in browser.get("/").content.decode()


def test_the_same_name_again_replaces_it(browser: Client) -> None:
    keep(browser)
    keep(browser, parameters="view=all")
    assert SavedView.objects.get().parameters == "view=all"


def test_only_shared_ones_are_there_for_others(browser: Client) -> None:
    keep(browser, "Own")
    keep(browser, "For all", shared="on")
    other = Client()
    other.force_login(make_user("bob"))
    page = other.get("/").content.decode()
    assert "For all" in page
    assert ">Own<" not in page
    own, shared = SavedView.objects.order_by("pk")
    assert other.get(f"/views/{own.pk}").status_code == 404
    assert other.get(f"/views/{shared.pk}").status_code == 302
    assert other.post(f"/views/{shared.pk}/removal").status_code == 404


def test_one_is_removed_by_whoever_made_it(browser: Client) -> None:
    keep(browser)
    browser.post(f"/views/{SavedView.objects.get().pk}/removal")
    assert not SavedView.objects.exists()


def test_what_can_not_be_kept_is_said(browser: Client) -> None:
    assert keep(browser, name=" ") == 400
    assert keep(browser, name="x" * 61) == 400
    assert keep(browser, parameters="severity=huge") == 400


def test_views_do_not_pile_up(browser: Client) -> None:
    for number in range(MOST_VIEWS):
        assert keep(browser, f"view {number}") == 302
    assert keep(browser, "one more") == 400
    assert keep(browser, "view 7", "view=all") == 302
