"""Two people at one incident, and evidence that they paste, each in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import SIDEWAYS
from tests.factories import make_incident, make_user
from tests.incidents.images import png
from tests.web.pages.stored import make_alert, store_investigation
from tocsin.incidents import changes
from tocsin.incidents.attaching import Piece, attach
from tocsin.incidents.attachments import AttachedPicture, Kind
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Incident, TimelineEntry

pytestmark = pytest.mark.browser
# As the system's own clipboard and desktop do it: a file in an event.
GIVE = """async ([kind, type]) => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 320, height: 200});
  canvas.getContext("2d").fillRect(20, 20, 100, 100);
  const blob = await new Promise((done) => canvas.toBlob(done, type));
  const carried = new DataTransfer();
  carried.items.add(new File([blob], "shot", {type}));
  const options = {bubbles: true, cancelable: true};
  document.body.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", {...options, clipboardData: carried})
    : new DragEvent("drop", {...options, dataTransfer: carried}));
}"""

UNSEEN = """() => {
  Object.defineProperty(document, "hidden", {value: true, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def incident(transactional_db: None) -> Incident:
    incident = make_incident(triggered_at=timezone.now())
    make_alert(incident)
    store_investigation(incident)
    return incident


def as_bob(opens: Opens, address: str) -> Page:
    client = Client()
    client.force_login(make_user("bob"))
    page = opens("/login", login=False)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": page.url}])
    page.goto(address)
    return page


@pytest.mark.parametrize(
    ("way", "kind"), [("paste", "image/png"), ("drop", "image/jpeg"), ("drop", "image/webp")], ids=str
)
def test_a_screenshot_is_given_to_the_page_and_attached(opens: Opens, incident: Incident, way: str, kind: str) -> None:
    page = opens(f"/incidents/{incident.pk}")
    page.evaluate(GIVE, [way, kind])
    expect(page.locator("#attach-preview")).to_be_visible()
    page.keyboard.type("the dashboard")  # the caption has the focus
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_role("img", name="the dashboard")).to_have_js_property("naturalWidth", 320)
    kept = AttachedPicture.objects.get()
    assert (kept.media_type, kept.width, kept.height) == (kind, 320, 200)


def test_words_that_are_pasted_stay_words(opens: Opens, incident: Incident) -> None:
    page = opens(f"/incidents/{incident.pk}")
    page.locator("#note-text").focus()
    page.keyboard.insert_text("only words")
    expect(page.locator("#note-text")).to_have_value("only words")
    expect(page.locator("#attach-fold")).not_to_have_attribute("open", "")


def test_each_sees_the_other_come_write_and_go(opens: Opens, incident: Incident) -> None:
    address = f"/incidents/{incident.pk}"
    alice = opens(address)
    bob = as_bob(opens, address)
    expect(alice.get_by_text("bob is here")).to_be_visible()
    expect(bob.get_by_text("alice is here")).to_be_visible()
    bob.locator("#note-text").press_sequentially("I look at")
    expect(alice.get_by_text("bob is writing")).to_be_visible()
    bob.goto("/alerts")
    expect(alice.get_by_text("bob is")).to_have_count(0)


def test_a_note_of_the_other_is_there_at_once_and_what_one_types_stays(opens: Opens, incident: Incident) -> None:
    address = f"/incidents/{incident.pk}"
    alice = opens(address)
    bob = as_bob(opens, address)
    expect(alice.locator("#live")).to_have_attribute("data-state", "on")
    alice.locator("#open-severity").click()
    alice.locator("#severity").select_option("low")
    alice.locator("#severity-note").press_sequentially("half a sentence")
    bob.locator("#note-text").fill("rolled **back**:\n\n```\nkubectl rollout undo\n```")
    bob.get_by_role("button", name="Add note").click()
    expect(alice.locator(".prose strong", has_text="back")).to_be_visible()
    expect(alice.locator(".prose pre", has_text="kubectl rollout undo")).to_be_visible()
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="bob", now=timezone.now())
    expect(alice.locator("#facts")).to_contain_text("acknowledged", ignore_case=True)
    expect(alice.locator("#to-acknowledged")).to_have_count(0)  # the part with the open form was exchanged
    expect(alice.locator("#severity-note")).to_have_value("half a sentence")
    expect(alice.locator("#severity")).to_have_value("low")
    expect(alice.locator("#severity-note")).to_be_focused()
    alice.keyboard.type(", and its end")
    expect(alice.locator("#severity-note")).to_have_value("half a sentence, and its end")


def test_what_comes_live_respects_what_the_timeline_is_narrowed_to(opens: Opens, incident: Incident) -> None:
    page = opens(f"/incidents/{incident.pk}?kind=decisions")
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    changes.add_note(incident.pk, "only a note", actor="bob", now=timezone.now())
    changes.add_note(incident.pk, "we roll back", actor="bob", now=timezone.now(), kind="decision")
    expect(page.locator("#timeline")).to_contain_text("we roll back")
    expect(page.locator("#timeline")).not_to_contain_text("only a note")
    page.get_by_role("link", name="Decisions").click()
    expect(page.locator("#timeline")).to_contain_text("only a note")


def test_undo_is_offered_and_goes_by_itself(opens: Opens, incident: Incident) -> None:
    page = opens(f"/incidents/{incident.pk}")
    page.locator("#to-me").click()
    page.locator("#undo-last").click()
    expect(page.locator("#timeline")).to_contain_text("Undone: Assigned to alice.")
    expect(page.locator("#undo-last")).to_have_count(0)
    page.locator("#to-me").click()
    expect(page.locator("#undo-last")).to_be_visible()
    expect(page.locator("#undo-last")).to_be_hidden(timeout=15_000)


def test_a_link_to_an_alert_among_many_opens_their_line(opens: Opens, incident: Incident) -> None:
    entries = [
        TimelineEntry.objects.create(
            incident=incident, at=timezone.now() - timedelta(minutes=n), kind="alert", actor="tocsin", text=f"alert {n}"
        )
        for n in range(6)
    ]
    page = opens(f"/incidents/{incident.pk}?entry={entries[2].pk}#entry-{entries[2].pk}")
    expect(page.get_by_text("Alerts joined 6 times")).to_be_visible()
    expect(page.get_by_text("alert 2", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_evidence_never_makes_the_page_wider_than_the_screen(opens: Opens, incident: Incident, size: object) -> None:
    by = {"actor": "alice", "now": timezone.now()}
    attach(incident.pk, Piece(Kind.SCREENSHOT, "x" * 200, picture=png(3000, 60)), **by)  # type: ignore[arg-type]
    attach(incident.pk, Piece(Kind.LOG, "a log", "word " * 400), **by)  # type: ignore[arg-type]
    attach(incident.pk, Piece(Kind.LINK, url="https://example.com/" + "y" * 300), **by)  # type: ignore[arg-type]
    page = opens(f"/incidents/{incident.pk}", size=size)
    page.locator("#attach-fold > summary").click()
    assert page.evaluate(SIDEWAYS) == 0


def test_words_sent_when_the_session_is_over_are_there_after_the_login(opens: Opens, incident: Incident) -> None:
    page = opens(f"/incidents/{incident.pk}")
    page.locator("#note-text").fill("what I found out in an hour")
    page.evaluate(UNSEEN)  # else the stream may tell of the end before the click
    Session.objects.all().delete()
    page.locator("#note-text").press("Control+Enter")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#note-text")).to_have_value("what I found out in an hour")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#timeline")).to_contain_text("what I found out in an hour")
    expect(page.locator("#note-text")).to_have_value("")
