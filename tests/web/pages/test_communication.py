"""Texts of communication on their page of settings."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_user
from tocsin.accounts.models import Role
from tocsin.incidents.communication import DEFAULTS, RHYTHM, texts

pytestmark = pytest.mark.django_db
KEY = "template-external-resolved"


@pytest.fixture
def manager() -> Client:
    """The browser of somebody who may set things up."""
    client = Client()
    client.force_login(make_user("mia", Role.MANAGER))
    return client


def keep(client: Client, key: str, text: str, version: int = 0) -> tuple[int, str]:
    answer = client.post("/settings/communication", {"key": key, "text": text, "version": version})
    return answer.status_code, answer.content.decode()


def test_every_text_is_there_to_be_read(viewer: Client) -> None:
    page = viewer.get("/settings/communication").content.decode()
    assert all(f'id="{key}"' in page for key in DEFAULTS)
    assert "Managers and admins" in page


def test_managers_write_it_and_see_who_did(manager: Client) -> None:
    assert keep(manager, KEY, "It is over.")[0] == 302
    assert texts()[KEY].text == "It is over."
    assert "version 1 by mia" in manager.get("/settings/communication").content.decode()


@pytest.mark.parametrize(
    ("key", "text", "version", "why"),
    [
        (KEY, "{cause}", 0, "no placeholder in what outsiders"),
        (RHYTHM, "often", 0, "begin with critical"),
        ("checklist-low", "A | often", 0, "no length of time"),
        (KEY, "Over.", 7, "changed this text meanwhile"),
    ],
)
def test_what_can_not_be_kept_is_said_beside_it(manager: Client, key: str, text: str, version: int, why: str) -> None:
    status, page = keep(manager, key, text, version)
    assert status == 400
    assert why in page
    assert f">{text}</textarea>" in page


def test_others_do_not_write_it(browser: Client, manager: Client) -> None:
    assert keep(browser, KEY, "x")[0] == 403
    assert keep(manager, "odd", "x")[0] == 404
