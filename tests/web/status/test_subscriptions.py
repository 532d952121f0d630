"""Where outsiders ask for mail, confirm it and end it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.incidents.published import make_page
from tests.incidents.test_subscribing import ADDRESS, link, subscribe
from tocsin.incidents import subscribing
from tocsin.incidents.status_page import Mail, Subscriber
from tocsin.web.status import rendering, subscriptions

ASK = {"page": "/status", "address": ADDRESS}


@pytest.fixture
def mail_is_set_up(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "why_not", lambda: "")


def outsider() -> Client:
    return Client(enforce_csrf_checks=True)


def test_without_mail_there_is_no_form(db: None) -> None:
    make_page("Shop")
    assert b"<form" not in rendering.render()["/status"].body
    assert outsider().post("/status-mail", ASK).status_code == 404


@pytest.mark.usefixtures("mail_is_set_up")
class TestWhereMailIsSetUp:
    def test_the_page_has_a_form(self) -> None:
        make_page("Shop")
        assert b'action="/status-mail"' in rendering.render()["/status"].body

    def test_asking_confirming_and_ending_needs_no_login(self) -> None:
        make_page("Shop")
        assert b"on its way" in outsider().post("/status-mail", ASK).content
        confirm = reverse("status-mail-confirm", args=[link(Mail.objects.get())])
        assert outsider().post(confirm).status_code == 200
        end = reverse("status-mail-end", args=[subscribing.end_token(Subscriber.objects.get())])
        assert b"You get no more mail" in outsider().post(end, {"List-Unsubscribe": "One-Click"}).content
        assert not Subscriber.objects.exists()

    def test_opening_a_link_changes_nothing(self) -> None:
        page, _ = make_page("Shop")
        subscribing.ask(page, ADDRESS, "192.0.2.1", timezone.now())
        confirm = reverse("status-mail-confirm", args=[link(Mail.objects.get())])
        assert b"<button>Confirm</button>" in outsider().get(confirm).content
        assert not Subscriber.objects.exists()
        end = reverse("status-mail-end", args=[subscribing.end_token(subscribe(page, "other@example.org"))])
        assert b"<button>End it</button>" in outsider().get(end).content
        assert Subscriber.objects.count() == 1

    def test_nobody_learns_who_is_subscribed(self) -> None:
        page, _ = make_page("Shop")
        unknown = outsider().post("/status-mail", ASK).content
        subscribe(page)
        assert outsider().post("/status-mail", ASK).content == unknown

    def test_nothing_leaves_a_cookie_or_the_address_of_the_link(self) -> None:
        make_page("Shop")
        for answer in (outsider().post("/status-mail", ASK), outsider().get("/status-mail/end/rubbish")):
            assert not answer.cookies
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("typed", [{"page": "/status/none"}, {"page": ""}, {}])
    def test_a_page_that_is_not_public_takes_nobody(self, typed: dict[str, str]) -> None:
        make_page("Shop", public=False)
        assert outsider().post("/status-mail", ASK | typed).status_code == 404

    def test_the_links_in_mails_are_those_of_the_pages(self) -> None:
        assert urlsplit(reverse("status-mail-confirm", args=["x"])).path == f"{subscribing.CONFIRM}x"
        assert urlsplit(reverse("status-mail-end", args=["x"])).path == f"{subscribing.END}x"
