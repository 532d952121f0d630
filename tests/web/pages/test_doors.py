"""The way in and the pages for what went wrong."""

import pytest
from axes.utils import reset
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import make_user


def test_logging_in_leads_to_where_one_was_going(client: Client, db: None) -> None:
    make_user("alice")
    form = {"username": "alice", "password": "correct horse", "next": "/incidents/7"}
    assert client.post("/login", form)["Location"] == "/incidents/7"


def test_where_nobody_can_sign_in_yet_the_way_is_said(client: Client, db: None) -> None:
    assert "tocsin user add NAME" in client.get("/login").content.decode()
    make_user("alice")
    assert "tocsin user add" not in client.get("/login").content.decode()


def test_never_to_another_site(client: Client, db: None) -> None:
    make_user("alice")
    form = {"username": "alice", "password": "correct horse", "next": "https://evil.example.com/"}
    assert client.post("/login", form)["Location"] == "/"


def test_a_wrong_password_is_said_and_the_name_is_kept(client: Client, db: None) -> None:
    answer = client.post("/login", {"username": "alice", "password": "guess"}).content.decode()
    assert "don’t match" in answer
    assert 'value="alice"' in answer
    assert "guess" not in answer


def _guess(client: Client, times: int, address: str = "127.0.0.1") -> int:
    form = {"username": "alice", "password": "guess"}
    return [client.post("/login", form, REMOTE_ADDR=address).status_code for _ in range(times)][-1]


def test_five_wrong_passwords_stop_guessing_even_at_the_right_one(client: Client, db: None) -> None:
    make_user("alice")
    assert _guess(client, 5) == 429
    answer = client.post("/login", {"username": "alice", "password": "correct horse"})
    assert answer.status_code == 429
    assert "tocsin user unlock" in answer.content.decode()


def test_guesses_from_elsewhere_shut_nobody_out(client: Client, db: None) -> None:
    make_user("alice")
    assert _guess(client, 6, "203.0.113.9") == 429
    assert client.post("/login", {"username": "alice", "password": "correct horse"}).status_code == 302


def test_an_admin_lifts_the_stop(client: Client, db: None) -> None:
    make_user("alice")
    _guess(client, 5)
    reset(username="alice")
    assert client.post("/login", {"username": "alice", "password": "correct horse"}).status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/", "/incidents/1", "/signals/1", "/signals", "/events", "/incidents/1/live", "/deployments", "/deployments/1"],
)
def test_everything_else_needs_a_login(client: Client, db: None, address: str) -> None:
    assert client.get(address)["Location"].startswith("/login?next=")


@pytest.mark.parametrize("problem", ["400", "403", "403_csrf", "404", "429", "500"])
def test_each_problem_has_a_page_that_needs_nothing_from_the_request(problem: str) -> None:
    page = render_to_string(f"{problem}.html", {"exception": ""})
    assert "<h1>" in page
    assert "base.css" in page


def test_pages_carry_no_inline_script_or_style(browser: Client) -> None:
    page = browser.get("/").content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page


def test_logging_out_ends_the_session(browser: Client) -> None:
    browser.post("/logout")
    assert browser.get("/").status_code == 302
