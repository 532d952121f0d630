"""A person's own page."""

from __future__ import annotations

import re

from django.test import Client
from django.utils import timezone

from tests.factories import make_user
from tocsin.accounts.access import Role
from tocsin.accounts.models import ApiToken, User
from tocsin.accounts.tokens import make_token

FORM = {"name": "laptop", "scope": "responder", "days": "90"}


def _made(browser: Client) -> str:
    page = browser.post("/account/tokens", FORM).content.decode()
    found = re.search(r'id="new-token">(tocsin_[\w-]+)<', page)
    assert found
    return found[1]


def test_a_new_token_is_shown_once_and_lets_a_program_in(browser: Client) -> None:
    token = _made(browser)
    assert token not in browser.get("/account").content.decode()
    program = Client(headers={"Authorization": f"Bearer {token}"})
    assert program.get("/api/v1/me").json()["username"] == "alice"


def test_a_token_may_least_unless_more_is_chosen(browser: Client) -> None:
    chosen = re.findall(r'name="scope" value="(\w+)"( checked)?', browser.get("/account").content.decode())
    assert chosen == [("viewer", " checked"), ("responder", "")]


def test_a_revoked_token_ends(browser: Client) -> None:
    token = _made(browser)
    browser.post(f"/account/tokens/{ApiToken.objects.get().pk}/revocation")
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/me").status_code == 401


def test_nobody_ends_the_tokens_of_others(browser: Client) -> None:
    made, _ = make_token(make_user("bob"), "his", Role.VIEWER, timezone.now(), None)
    assert browser.post(f"/account/tokens/{made.pk}/revocation").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_a_token_without_a_name_is_refused_by_the_form(browser: Client) -> None:
    answer = browser.post("/account/tokens", FORM | {"name": " "})
    assert answer.status_code == 400
    assert "what the token is for" in answer.content.decode()


def test_a_choice_that_is_not_offered_is_refused(browser: Client) -> None:
    assert browser.post("/account/tokens", FORM | {"days": "9999"}).status_code == 400
    assert browser.post("/account/tokens", FORM | {"scope": "god"}).status_code == 400
    assert not ApiToken.objects.exists()


def test_another_password_ends_ones_other_sessions(alice: User, browser: Client) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    new = {"new_password1": "battery staple", "new_password2": "battery staple"}
    assert browser.post("/account/password", {"old_password": "correct horse"} | new).status_code == 200
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_without_the_old_password_there_is_no_new_one(alice: User, browser: Client) -> None:
    new = {"new_password1": "battery staple", "new_password2": "battery staple"}
    assert browser.post("/account/password", {"old_password": "guess"} | new).status_code == 400
    alice.refresh_from_db()
    assert alice.check_password("correct horse")
