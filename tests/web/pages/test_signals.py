"""Signals as they arrived."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import NOW, make_source, make_user
from tocsin.accounts.models import Role
from tocsin.alerts.models import Signal
from tocsin.ground.secrets import seal
from tocsin.web.pages import signals


def make_signal(body: str = "", error: str = "", sealed: bytes | None = None) -> Signal:
    source, _ = make_source()
    return Signal.objects.create(source=source, received_at=NOW, body=body, error=error, sealed_body=sealed)


def address(body: str) -> str:
    return f"/signals/{make_signal(body).pk}"


def test_a_payload_is_laid_out_and_coloured(browser: Client, db: None) -> None:
    page = browser.get(address('{"a":1}')).content.decode()
    assert '<span class="nt">' in page


def test_a_rejected_signal_says_why_and_hides_its_body(browser: Client, db: None) -> None:
    signal = make_signal(error="JSON is malformed at byte 1", sealed=b"sealed")
    page = browser.get(f"/signals/{signal.pk}").content.decode()
    assert "Rejected" in page
    assert "JSON is malformed at byte 1" in page
    assert "sealed" not in page
    assert browser.get(f"/signals/{signal.pk}/body").status_code == 404


def test_an_admin_sees_a_rejected_body_as_text(client: Client, db: None) -> None:
    client.force_login(make_user("root", role=Role.ADMIN))
    signal = make_signal(error="not JSON", sealed=seal(settings.SECRET_KEY, b"<b>{not json"))
    assert "&lt;b&gt;{not json" in client.get(f"/signals/{signal.pk}").content.decode()


def test_a_payload_can_be_downloaded_as_it_came(browser: Client, db: None) -> None:
    answer = browser.get(address('{"a": 1}') + "/body")
    assert answer.content == b'{"a": 1}'
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_hostile_payload_stays_text(browser: Client, db: None) -> None:
    page = browser.get(address('{"a": "<script>alert(1)</script>"}')).content.decode()
    assert "<script>alert" not in page


def test_a_huge_payload_is_shown_in_part(browser: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "MOST_SHOWN", 10)
    page = browser.get(address('{"key": "a value at the end"}')).content.decode()
    assert "Only the beginning is shown" in page
    assert "at the end" not in page


def test_a_signal_that_does_not_exist_is_not_found(browser: Client) -> None:
    assert browser.get("/signals/4711").status_code == 404
