"""Evidence from people on an incident's page."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import NOW, make_incident
from tests.incidents.images import png
from tocsin.incidents.attaching import Piece, attach
from tocsin.incidents.attachments import Attachment, Kind
from tocsin.incidents.models import Incident


def shot(content: bytes, name: str = "x.png") -> dict[str, object]:
    return {"kind": "screenshot", "caption": "the dashboard", "picture": SimpleUploadedFile(name, content)}


def test_a_screenshot_is_attached_and_shown_in_its_size(browser: Client, incident: Incident) -> None:
    answer = browser.post(f"/incidents/{incident.pk}/attachments", shot(png(3, 2)))
    assert answer["Location"] == f"/incidents/{incident.pk}#evidence-1"
    page = browser.get(f"/incidents/{incident.pk}").content.decode()
    assert f'<img src="/incidents/{incident.pk}/attachments/1" width="3" height="2" alt="the dashboard"' in page


def test_a_screenshot_is_served_so_that_nothing_in_it_can_run(browser: Client, incident: Incident) -> None:
    browser.post(f"/incidents/{incident.pk}/attachments", shot(png(), name='"><script>.html'))
    answer = browser.get(f"/incidents/{incident.pk}/attachments/1")
    assert answer.content == png()
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"] == f'inline; filename="{incident.name}-evidence-1.png"'


def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(browser: Client, incident: Incident) -> None:
    answer = browser.post(f"/incidents/{incident.pk}/attachments", shot(b"<svg onload=alert(1)>", name="x.png"))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "An SVG can hold scripts" in page
    assert 'value="the dashboard"' in page


def test_a_large_picture_is_refused_before_it_is_read(browser: Client, incident: Incident) -> None:
    answer = browser.post(f"/incidents/{incident.pk}/attachments", shot(b"\x89PNG" + bytes(6 * 2**20)))
    assert "6.0 MB; 5 MB at most" in answer.content.decode()


def test_an_excerpt_is_shown_as_text(browser: Client, incident: Incident) -> None:
    form = {"kind": "log", "text": "<b>panic</b>", "url": "https://logs.example/q"}
    browser.post(f"/incidents/{incident.pk}/attachments", form)
    page = browser.get(f"/incidents/{incident.pk}").content.decode()
    assert "&lt;b&gt;panic&lt;/b&gt;</pre>" in page
    assert '<a href="https://logs.example/q" rel="noreferrer noopener" target="_blank">' in page


def test_one_removes_ones_own(browser: Client, incident: Incident) -> None:
    attach(incident.pk, Piece(Kind.LOG, text="mine"), actor="alice", now=NOW)
    attach(incident.pk, Piece(Kind.LOG, text="bob's"), actor="bob", now=NOW)
    page = browser.get(f"/incidents/{incident.pk}").content.decode()
    assert "Remove evidence 1" in page
    assert "Remove evidence 2" not in page
    assert browser.post(f"/incidents/{incident.pk}/attachments/1/removal").status_code == 302
    assert browser.post(f"/incidents/{incident.pk}/attachments/2/removal").status_code == 400


def test_who_may_only_look_attaches_nothing(viewer: Client, incident: Incident) -> None:
    assert viewer.post(f"/incidents/{incident.pk}/attachments", {"kind": "link"}).status_code == 403
    assert not Attachment.objects.exists()


def test_a_screenshot_is_found_at_its_own_incident_alone(browser: Client, incident: Incident) -> None:
    attach(incident.pk, Piece(Kind.SCREENSHOT, picture=png()), actor="bob", now=NOW)
    assert browser.get(f"/incidents/{make_incident().pk}/attachments/1").status_code == 404
