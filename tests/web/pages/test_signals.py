"""Signals as they arrived."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_user
from tests.web.pages.stored import make_signal
from tocsin.accounts.models import Role
from tocsin.ground.secrets import seal
from tocsin.web.pages import signals


def address(body: str) -> str:
    return f"/signals/{make_signal(body=body).pk}"


def test_a_payload_is_laid_out_and_coloured(browser: Client, db: None) -> None:
    page = browser.get(address('{"a":1}')).content.decode()
    assert '<span class="nt">' in page


def test_a_rejected_signal_says_why_and_hides_its_body(browser: Client, db: None) -> None:
    signal = make_signal(body="", error="JSON is malformed at byte 1", sealed_body=b"sealed")
    page = browser.get(f"/signals/{signal.pk}").content.decode()
    assert "Rejected" in page
    assert "JSON is malformed at byte 1" in page
    assert "sealed" not in page
    assert browser.get(f"/signals/{signal.pk}/body").status_code == 404


def test_an_admin_sees_a_rejected_body_as_text(client: Client, db: None) -> None:
    client.force_login(make_user("root", role=Role.ADMIN))
    signal = make_signal(body="", error="not JSON", sealed_body=seal(settings.SECRET_KEY, b"<b>{not json"))
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


def test_one_rejected_in_part_shows_what_was_kept_and_why_the_rest_was_not(browser: Client, db: None) -> None:
    signal = make_signal(body='{"alerts": [{}]}', error="alert 1 has no labels")
    page = browser.get(f"/signals/{signal.pk}").content.decode()
    assert "Rejected in part" in page
    assert "alert 1 has no labels" in page
    assert f'href="/signals/{signal.pk}/body"' in page
    assert "kept encrypted" not in page


def test_rejected_signals_are_listed_newest_first_with_their_reasons(browser: Client, db: None) -> None:
    older = make_signal(body="", error="<b>not JSON")
    accepted = make_signal()
    newer = make_signal(body='{"alerts": [{}]}', error="alert 1 has no labels")
    page = browser.get("/signals?rejected").content.decode()
    assert 0 < page.index(f"/signals/{newer.pk}") < page.index(f"/signals/{older.pk}")
    assert f"/signals/{accepted.pk}" not in page
    assert "&lt;b&gt;not JSON" in page
    assert "Rejected in part" in page


def test_the_list_of_signals_has_all_and_ends(browser: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "MOST_LISTED", 2)
    oldest, *newest = (make_signal() for _ in range(3))
    page = browser.get("/signals").content.decode()
    assert all(f"/signals/{signal.pk}" in page for signal in newest)
    assert f"/signals/{oldest.pk}" not in page
    assert "The newest 2 are shown" in page
