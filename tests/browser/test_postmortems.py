"""Actions and postmortems in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.postmortems.test_changes import ended
from tests.web.pages.stored import store_investigation
from tocsin.incidents import followup
from tocsin.incidents.actions import Horizon, Kind, Plan
from tocsin.incidents.models import Incident
from tocsin.postmortems import changes
from tocsin.postmortems.sections import Section

pytestmark = pytest.mark.browser
HOSTILE = "<script>document.title='owned'</script>⟪<img src=x onerror=\"document.title='owned'\">⟫"


def over(title: str = "Checkout is down") -> Incident:
    """A critical incident that has ended, with its cause and an action that is late."""
    incident = ended(title=title)
    store_investigation(incident)
    plan = Plan(title, Kind.DETECT, Horizon.NOW, title, title, due_on=timezone.now().date().replace(year=2020))
    followup.add(incident.pk, plan, actor="bob", now=timezone.now())
    return incident


def test_each_sees_what_the_other_writes_and_loses_nothing(opens: Opens) -> None:
    incident = over()
    page = opens(f"/incidents/{incident.pk}/postmortem")
    section = page.locator("#section-lessons")
    section.get_by_text("Edit").click()
    section.get_by_role("textbox").fill("Hers.")
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    changes.write(incident.pk, Section.LESSONS, "His.", seen=0, actor="bob", now=timezone.now())
    expect(section.locator(".prose")).to_have_text("His.")
    expect(section.get_by_role("textbox")).to_have_value("Hers.")
    section.get_by_role("button", name="Save").click()
    expect(section.get_by_role("alert")).to_contain_text("bob has changed “Lessons learned” meanwhile")
    expect(section.get_by_role("textbox")).to_have_value("Hers.")


def test_an_action_is_opened_and_done(opens: Opens) -> None:
    page = opens(f"/incidents/{over().pk}/postmortem")
    page.get_by_role("button", name="Make it an action").click()
    page.get_by_role("link", name="Raise the limit").click()
    page.get_by_label("How was it verified").fill("a drill")
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".facts .action-state")).to_have_text("Done")


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_everything_can_be_read_and_nothing_runs_sideways(opens: Opens, scheme: str, size: ViewportSize) -> None:
    incident = over("Checkout is down " + "x" * 200)
    page = opens("/postmortems", scheme=scheme, size=size)
    action = incident.actions.get().name
    for address in ("/postmortems", "/actions", f"/actions/{action}", f"/incidents/{incident.pk}/postmortem"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        assert page.evaluate(FAINT_TEXT) == [], address
        assert page.evaluate(SIDEWAYS) == 0, address


def test_hostile_text_does_nothing(opens: Opens) -> None:
    incident = over(HOSTILE)
    changes.write(incident.pk, Section.LESSONS, HOSTILE, seen=0, actor=HOSTILE, now=timezone.now())
    page = opens("/postmortems")
    action = incident.actions.get().name
    for address in ("/actions", f"/actions/{action}", f"/incidents/{incident.pk}/postmortem"):
        page.goto(address)
        assert page.title() != "owned"
        assert page.locator("main script, main img").count() == 0, address


def test_it_is_read_without_scripts(opens: Opens) -> None:
    incident = over()
    page = opens(f"/incidents/{incident.pk}/postmortem", scripts=False)
    expect(page.locator("#section-root-cause .prose")).to_contain_text("Nobody has confirmed it.")
    page.locator("#section-lessons").get_by_text("Edit").click()
    page.locator("#text-lessons").fill("Without scripts.")
    page.locator("#section-lessons").get_by_role("button", name="Save").click()
    expect(page.locator("#section-lessons .prose")).to_have_text("Without scripts.")
