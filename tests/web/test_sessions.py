"""Sessions end when nobody uses them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from tests.factories import NOW, make_incident, make_user

HOUR = timedelta(hours=1)


@pytest.fixture
def browser(db: None, client: Client, settings: Any) -> Client:
    settings.SESSION_IDLE_AGE = 2 * 3600
    client.force_login(make_user())
    return client


def test_whoever_was_away_too_long_logs_in_again_and_goes_on(browser: Client) -> None:
    with travel(NOW, tick=False):
        assert browser.get("/account").status_code == 200
    with travel(NOW + 3 * HOUR, tick=False):
        assert browser.get("/alerts?view=all")["Location"] == "/login?next=/alerts%3Fview%3Dall"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "next_one"),
    [
        ("http://testserver/incidents/7?kind=notes", "/incidents/7%3Fkind%3Dnotes"),
        ("http://elsewhere.example/incidents/7", "/"),
        ("", "/"),
    ],
)
def test_whoever_sends_a_form_too_late_comes_back_to_the_page_that_it_is_on(
    client: Client, referer: str, next_one: str
) -> None:
    answer = client.post("/incidents/7/notes", {"text": "words"}, headers={"Referer": referer})
    assert answer["Location"] == f"/login?next={next_one}"


def test_whoever_is_there_stays_in(browser: Client) -> None:
    for hours in range(6):
        with travel(NOW + hours * HOUR, tick=False):
            assert browser.get("/account").status_code == 200


def test_an_open_page_keeps_nobody_in(browser: Client) -> None:
    incident = make_incident()
    for hours, status in ((0, 200), (1, 200), (2, 200), (3, 302)):
        with travel(NOW + hours * HOUR, tick=False):
            assert browser.get(f"/incidents/{incident.pk}/live").status_code == status


def test_without_a_limit_nobody_is_sent_away(browser: Client, settings: Any) -> None:
    settings.SESSION_IDLE_AGE = 0
    for hours in (0, 100):
        with travel(NOW + hours * HOUR, tick=False):
            assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://tocsin.example.org", "__Host-sessionid __Host-csrftoken True"),
        ("http://tocsin.example.org", "sessionid csrftoken False"),
    ],
)
def test_cookies_are_bound_to_the_host_where_there_is_tls(url: str, told: str, tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE)"
    )
    environment = os.environ | {"TOCSIN_PUBLIC_URL": url, "TOCSIN_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == told
