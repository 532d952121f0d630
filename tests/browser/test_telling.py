"""Who is on call, who is called next and through what, in a real browser: what is edited, tried out and overridden there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_environment
from tests.notifications.made import lay_in, make_channel
from tests.oncall.escalating import make_policy, make_reachable, step
from tests.oncall.kept import make_schedule
from tocsin.accounts.models import Role, User
from tocsin.notifications import store
from tocsin.notifications.rules import EVENTS, Rule
from tocsin.oncall.changes import Change, override
from tocsin.oncall.models import Schedule
from tocsin.oncall.schedule import Kind

pytestmark = pytest.mark.browser
NO_END = "a-name-that-does-not-end-and-has-no-place-to-break-it-at"
PAGES = (
    *("/oncall", "/oncall/shop", "/oncall/shop/edit", "/account/shifts", "/account/contact"),
    *("/escalation?severity=critical&project=shop", "/escalation/shop", "/escalation/shop/edit"),
    *("/settings/channels", "/messages"),
)


@pytest.fixture(autouse=True)
def _alice_manages(alice: User) -> None:
    User.objects.update(role=Role.MANAGER)
    make_environment()
    make_schedule()


def test_the_preview_follows_what_is_typed_and_keeps_nothing(opens: Opens) -> None:
    page = opens("/oncall/shop/edit")
    shifts = page.locator("#preview .final .shift")
    expect(shifts.filter(has_text="alice").first).to_be_visible()
    page.get_by_label("Who takes turns, one a line").first.fill("dave")
    expect(shifts.filter(has_text="alice")).to_have_count(0)
    expect(shifts.filter(has_text="dave").first).to_be_visible()
    page.get_by_label("Who takes turns, one a line").first.fill("nobody-of-this-name")
    expect(page.locator("#preview .error")).to_contain_text("nobody-of-this-name")
    assert Schedule.objects.get().version == 1


def test_a_click_on_a_shift_leads_to_somebody_else_in_it(opens: Opens) -> None:
    page = opens("/oncall/shop?view=month")
    shift = page.locator("a.shift").last
    person = shift.inner_text()
    shift.click()
    expect(page.get_by_role("heading", name=f"Change the shift of {person}")).to_be_visible()
    expect(page.get_by_label("Who comes in")).to_be_focused()
    page.keyboard.type("dave")
    page.keyboard.press("Enter")
    expect(page.locator(".turns")).to_contain_text(f"dave instead of {person}")
    expect(page.locator(".final .shift", has_text="dave").first).to_be_visible()


def test_why_a_change_was_refused_is_in_sight(opens: Opens) -> None:
    page = opens("/oncall/shop", size=PHONE)
    page.get_by_label("Who comes in").fill("nobody-of-this-name")
    page.get_by_role("button", name="Change it").click()
    refusal = page.locator("p.error")
    expect(refusal).to_contain_text("nobody-of-this-name")
    expect(refusal).to_be_in_viewport()


def test_what_a_swap_gives_back_is_asked_for_only_where_one_is_asked_for(opens: Opens) -> None:
    page = opens("/oncall/shop")
    in_return = page.get_by_label("For a swap: in return I take")
    expect(in_return).to_be_hidden()
    page.get_by_label("Ask for a swap").check()
    expect(in_return).to_be_visible()


def test_the_simulator_answers_by_the_clock_that_was_asked_for(opens: Opens) -> None:
    make_reachable("alice")
    make_policy(step("person alice"), step("person bob"))
    page = opens("/escalation")
    page.get_by_label("If an incident that is").select_option("critical")
    page.get_by_label("begins at").fill("2100-03-07T03:10")
    page.get_by_label("by the clock of").fill("Asia/Tokyo")
    page.get_by_role("button", name="Simulate").click()
    course = page.locator(".course > li")
    expect(course.first).to_contain_text("Sun 03:10 +0 min")
    expect(course.first).to_contain_text("alice by push")
    expect(course.last).to_contain_text("Sun 03:15 +5 min")
    expect(course.last).to_contain_text("bob has no confirmed way to be reached")


def test_the_clock_of_the_browser_is_offered_and_taken_with_one_click(opens: Opens) -> None:
    page = opens("/account/shifts", timezone="Asia/Tokyo")
    expect(page.get_by_label("Zone")).to_have_value("UTC")
    page.get_by_role("button", name="Use Asia/Tokyo").click()
    expect(page.get_by_label("Zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_role("button", name="Use Asia/Tokyo")).to_be_hidden()


def test_the_test_button_shows_what_the_other_side_said(opens: Opens) -> None:
    page = opens(f"/settings/channels/{make_channel().pk}")
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("status")).to_contain_text("The test was taken. The answer: 200 written into the log")
    expect(page.locator(".signals")).to_contain_text("Sent")


def short_shift() -> None:
    """An hour of dave's the day after tomorrow."""
    now = timezone.now()
    starts, ends = (f"{now + timedelta(days=2):%Y-%m-%d}T{hour}:00" for hour in (20, 21))
    by_dave = Change(Kind.REPLACE, starts, ends, "Europe/Berlin", "dave")
    override(Schedule.objects.get().pk, by_dave, actor="dave", now=now)


def test_on_a_phone_nothing_is_too_wide_or_too_faint(opens: Opens) -> None:
    make_policy(step(f"person {make_reachable('alice').username}\nchannel push"))
    short_shift()
    channel = make_channel(name=NO_END)
    store.set_rules(channel, [Rule(frozenset(EVENTS), projects=frozenset({NO_END}))])
    message = lay_in(channel)
    page = opens("/oncall", size=PHONE)
    found = {}
    for address in (*PAGES, f"/settings/channels/{channel.pk}", f"/messages/{message.pk}"):
        page.goto(address)
        found[address] = (page.evaluate(SIDEWAYS), page.evaluate(FAINT_TEXT))
    assert {address: looks for address, looks in found.items() if looks != (0, [])} == {}
