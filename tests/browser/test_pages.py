"""The pages in a real browser."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_incident
from tests.web.pages.stored import make_alert, make_hypothesis, make_report, make_signal, store_investigation
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Incident, TimelineEntry

pytestmark = pytest.mark.browser
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
# As when another tab comes to the front, or this one again.
HIDDEN = """(hidden) => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
LOOKS = [(scheme, size) for scheme in ("dark", "light") for size in (LAPTOP, PHONE)]


def full_incident() -> Incident:
    incident = make_incident(triggered_at=timezone.now())
    make_alert(incident, firings=4, labels={"pod": "cart-1", "long": "x" * 300})
    changes.add_note(incident.pk, "Rolling **back**: `" + "y" * 200 + "`", actor="alice", now=timezone.now())
    store_investigation(incident)
    return incident


def test_logging_in_by_hand(opens: Opens) -> None:
    make_signal()
    page = opens("/", login=False)
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="All quiet")).to_be_visible()


def test_a_first_visit_leads_to_the_first_source(opens: Opens) -> None:
    expect(opens("/").get_by_text("tocsin source add alertmanager")).to_be_visible()


def test_the_list_is_walked_with_keys(opens: Opens) -> None:
    make_incident("older")
    newer = make_incident("newer")
    page = opens("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="newer")).to_be_visible()
    assert page.url.endswith(f"/incidents/{newer.pk}")


def test_the_list_grows_while_nobody_has_a_row_in_hand(opens: Opens) -> None:
    make_incident("first")
    page = opens("/")
    expect(page.get_by_text("Live")).to_be_visible()
    changes.add_note(make_incident("second").pk, "hello", actor="alice", now=timezone.now())
    expect(page.get_by_text("second")).to_be_visible()


def test_whoever_has_a_row_in_hand_is_told_of_new_ones_above(opens: Opens) -> None:
    incident = make_incident("first")
    page = opens("/")
    expect(page.get_by_text("Live")).to_be_visible()
    page.keyboard.press("j")
    changes.add_note(make_incident("second").pk, "hello", actor="alice", now=timezone.now())
    expect(page.get_by_text("1 new incident above")).to_be_visible()
    expect(page.locator(f"#open-{incident.pk}")).to_be_focused()


def test_rows_are_chosen_by_key_and_changed_together(opens: Opens) -> None:
    incident = make_incident("first")
    page = opens("/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("done", exact=True)).to_be_visible()
    incident.refresh_from_db()
    assert incident.status == "acknowledged"


def test_everything_that_matters_is_seen_without_scrolling(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    for words in (
        "KubePodCrashLooping: shop/cart",
        "nobody",
        "High confidence",
        "was killed at its limit",
        "--limits=memory",
    ):
        expect(page.get_by_text(words).first).to_be_in_viewport(ratio=1)


def test_evidence_opens_to_the_cited_value(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.get_by_text("OOMKilled").first.click()
    expect(page.locator("mark")).to_contain_text("reason: OOMKilled")


def test_without_scripts_evidence_is_a_link_and_forms_work(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}", scripts=False)
    page.locator(".evidence summary").first.click()
    page.locator(".place a").first.click()
    expect(page.locator("mark")).to_contain_text("OOMKilled")
    page.go_back()
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".status.acknowledged")).to_be_visible()


def test_a_command_is_copied_exactly(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy this command").first.click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "kubectl set resources deployment/cart --limits=memory=768Mi 'a b'"


def test_a_note_appears_live_while_another_is_being_typed(opens: Opens) -> None:
    incident = full_incident()
    writer, reader = opens(f"/incidents/{incident.pk}"), opens(f"/incidents/{incident.pk}")
    expect(reader.get_by_text("Live")).to_be_visible()
    reader.locator("#steps summary").click()
    reader.get_by_label("A note for the timeline").fill("half a thou")
    writer.get_by_label("A note for the timeline").fill("The **cache** it is")
    writer.keyboard.press("Control+Enter")
    expect(reader.get_by_text("The cache it is")).to_be_visible()
    expect(reader.get_by_label("A note for the timeline")).to_have_value("half a thou")
    expect(reader.get_by_label("A note for the timeline")).to_be_focused()
    expect(reader.locator("#steps")).to_have_attribute("open", "")


def test_somebody_else_acknowledging_keeps_an_open_menu_and_its_text(opens: Opens) -> None:
    incident = full_incident()
    page = opens(f"/incidents/{incident.pk}")
    expect(page.get_by_text("Live")).to_be_visible()
    page.locator("#menu-resolve summary").click()
    page.get_by_label("What was done").fill("rolled ba")
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="bob", now=timezone.now())
    expect(page.locator(".status.acknowledged")).to_be_visible()
    expect(page.get_by_label("What was done")).to_have_value("rolled ba")


def test_a_note_survives_another_form_on_the_page(opens: Opens) -> None:
    page = opens(f"/incidents/{full_incident().pk}")
    page.get_by_label("A note for the timeline").fill("not sent yet")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".status.acknowledged")).to_be_visible()
    expect(page.get_by_label("A note for the timeline")).to_have_value("not sent yet")


def test_the_chosen_colours_stay(opens: Opens) -> None:
    page = opens("/", scheme="light")
    page.get_by_role("button", name="Dark or light").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_every_page_is_readable_and_fits(opens: Opens, scheme: str, size: ViewportSize) -> None:
    incident = full_incident()
    make_signal(body="", error="JSON is malformed at byte 1: " + "x" * 300)
    make_signal(error="alert 2 has no labels")
    signal = incident.incident_occurrences.get(occurrence__ends_at=None).occurrence.signal_id
    page = opens("/", scheme=scheme, size=size)
    for address in (
        "/",
        "/?view=resolved",
        "/signals",
        "/signals?rejected",
        f"/incidents/{incident.pk}",
        f"/signals/{signal}",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        assert page.evaluate(FAINT_TEXT) == [], address
        assert page.evaluate(SIDEWAYS) == 0, address


def test_hostile_text_does_nothing(opens: Opens) -> None:
    incident = make_incident(HOSTILE)
    make_alert(incident, title=HOSTILE, labels={HOSTILE: HOSTILE}, annotations={"a": HOSTILE}, description=HOSTILE)
    changes.add_note(incident.pk, HOSTILE, actor=HOSTILE, now=timezone.now())
    store_investigation(incident, make_report(hypotheses=(make_hypothesis(summary=HOSTILE, explanation=HOSTILE),)))
    page = opens("/")
    page.goto(f"/incidents/{incident.pk}")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
    page.wait_for_selector("mark")
    assert page.title().startswith(incident.name)
    assert page.locator("main script, main img[src=x]").count() == 0


def test_what_happened_while_the_connection_was_lost_is_caught_up_on(opens: Opens) -> None:
    incident = full_incident()
    page = opens("/", login=True)
    page.route("**/events*", lambda route: route.fulfill(content_type="text/event-stream", body="retry: 500\n\n"))
    page.goto(f"/incidents/{incident.pk}")
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    TimelineEntry.objects.create(incident=incident, at=timezone.now(), kind="note", actor="bob", text="told to nobody")
    page.unroute("**/events*")
    expect(page.get_by_text("told to nobody")).to_be_visible()
    expect(page.get_by_text("Live")).to_be_visible()


def test_a_page_that_nobody_sees_holds_no_connection_and_catches_up_when_seen(opens: Opens) -> None:
    incident = full_incident()
    page = opens(f"/incidents/{incident.pk}")
    expect(page.get_by_text("Live")).to_be_visible()
    with page.expect_event("requestfailed", lambda request: "/events" in request.url):
        page.evaluate(HIDDEN, True)
    changes.add_note(incident.pk, "while nobody looked", actor="bob", now=timezone.now())
    with page.expect_request("**/events*"):
        page.evaluate(HIDDEN, False)
    expect(page.get_by_text("while nobody looked")).to_be_visible()


def test_a_session_that_ends_leads_to_the_login_instead_of_an_empty_list(opens: Opens) -> None:
    incident = make_incident()
    page = opens("/")
    expect(page.get_by_text("Live")).to_be_visible()
    Session.objects.all().delete()
    changes.add_note(incident.pk, "hello", actor="bob", now=timezone.now())
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
