"""What people say of an incident, in a real browser: from alerts that were chosen to the postmortem that holds their words."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_incident
from tests.web.pages.stored import make_hypothesis, store_investigation
from tests.workflows.test_affecting import alert
from tests.workflows.test_affecting import incident as incident_of
from tocsin.incidents import changes, stating
from tocsin.incidents.models import Incident, IncidentOccurrence
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import Words, statements_of
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.browser
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def firing(*workloads: str) -> None:
    """An alert for each of these workloads, in one incident."""
    alerts = [alert(namespace="shop", deployment=name) for name in workloads]
    for one in alerts:
        one.began_at = timezone.now()
        one.save()
    incident_of(*alerts)


def test_from_chosen_alerts_to_the_postmortem(opens: Opens) -> None:
    firing("cart", "web")
    page = opens("/alerts")
    for box in page.get_by_label("Choose Slow").all():
        box.check()
    page.get_by_role("button", name="Declare an incident for the chosen…").click()
    page.get_by_label("What is broken?").fill("Checkout is down")
    page.get_by_role("radio", name="Critical").check()
    page.get_by_role("button", name="Declare it").click()
    expect(page.locator("h1")).to_have_text("Checkout is down")
    made = Incident.objects.get(opened_by="declared")
    assert IncidentOccurrence.objects.filter(incident=made, left_at=None).count() == 2
    page.locator("#open-role").click()
    page.get_by_label("What do they have to know?").fill("I am on it")
    page.get_by_role("button", name="Give the role").click()
    expect(page.locator("#facts")).to_contain_text("alice")
    store_investigation(made, ordinal=2)
    changes.record(made, "analysis", "Looked again.", actor="tocsin", now=timezone.now())
    page.reload()
    page.get_by_role("button", name="Confirm that this was the cause").first.click()
    expect(page.locator("#said")).to_contain_text("Cause, confirmed")
    page.get_by_text("Say what it was").click()
    page.get_by_label("Users").fill("a third could not pay")
    page.locator("#said-edit").get_by_role("button", name="Save").click()
    expect(page.locator("#said")).to_contain_text("a third could not pay")
    page.locator("#open-resolve").click()
    page.locator("#menu-resolve").get_by_role("button").last.click()
    expect(page.locator("#facts")).to_contain_text("Resolved")
    sweep(timezone.now())
    page.goto(f"/incidents/{made.pk}/postmortem")
    expect(page.locator("#section-root-cause")).to_contain_text(make_hypothesis().summary)
    expect(page.locator("#section-root-cause")).to_contain_text("Confirmed by alice")
    expect(page.locator("#section-impact")).to_contain_text("a third could not pay")


def test_each_sees_what_the_other_says_and_loses_nothing(opens: Opens) -> None:
    incident = make_incident()
    page = opens(f"/incidents/{incident.pk}")
    page.get_by_text("Say what it was").click()
    page.get_by_label("Users").fill("hers")
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    his = {Topic.USERS: Words("his"), Topic.REGION: Words("eu-central-1")}
    stating.say(incident.pk, his, actor="bob", now=timezone.now())
    expect(page.locator("#said")).to_contain_text("his")
    expect(page.get_by_label("Users")).to_have_value("hers")
    page.locator("#said-edit").get_by_role("button", name="Save").click()
    expect(page.locator("#said-edit")).to_contain_text("bob has said meanwhile: his")
    page.locator("#said-edit").get_by_role("button", name="Save").click()
    expect(page.locator("#said")).to_contain_text("hers")
    assert statements_of(incident.pk)[Topic.REGION].text == "eu-central-1"


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_everything_can_be_read_and_nothing_runs_sideways(opens: Opens, scheme: str, size: ViewportSize) -> None:
    incident = make_incident()
    said = {topic: Words(f"{topic.choices[0]}: {HOSTILE}" if topic.choices else HOSTILE + "x" * 200) for topic in Topic}
    stating.say(incident.pk, said, actor=HOSTILE, now=timezone.now())
    page = opens("/incidents/new", scheme=scheme, size=size)
    for address in ("/incidents/new", f"/incidents/{incident.pk}"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        assert page.evaluate(FAINT_TEXT) == [], address
        assert page.evaluate(SIDEWAYS) == 0, address
        assert page.title() != "owned"
