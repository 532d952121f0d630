"""Mail for outsiders: asking, confirming, ending, and what is laid in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.factories import NOW, make_incident
from tests.incidents.published import make_page, tell
from tocsin.incidents import bulletins, publishing, subscribing
from tocsin.incidents.audience import Audience
from tocsin.incidents.changes import BadChange
from tocsin.incidents.status_page import Mail, StatusPage, Subscriber
from tocsin.incidents.uptime import State

pytestmark = pytest.mark.django_db
ADDRESS = "eve@example.org"


def link(mail: Mail) -> str:
    """The token in the link of a mail."""
    found = re.search(r"/status-mail/(?:confirm|end)/(\S+)", subscribing.opened(mail).text)
    assert found is not None
    return found[1]


def subscribe(page: StatusPage, address: str = ADDRESS) -> Subscriber:
    subscribing.ask(page, address, "192.0.2.1", NOW)
    subscribing.confirm(link(Mail.objects.latest("pk")), NOW)
    return Subscriber.objects.latest("pk")


def test_who_has_not_confirmed_gets_nothing_more() -> None:
    page, _ = make_page("Shop")
    subscribing.ask(page, ADDRESS, "192.0.2.1", NOW)
    assert bulletins.tell(tell(make_incident()).pk, NOW) == 0
    assert Mail.objects.count() == 1


def test_who_has_confirmed_gets_each_update_once() -> None:
    page, [shop] = make_page("Shop")
    subscribe(page)
    update = tell(make_incident(), {shop: State.MAJOR})
    for _ in range(2):
        bulletins.tell(update.pk, NOW)
    mail = subscribing.opened(Mail.objects.get(update=update))
    assert (mail.address, mail.subject) == (ADDRESS, "Status: Checkout fails (investigating)")
    assert "Shop: major outage" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nobody_is_mailed_what_is_internal() -> None:
    page, _ = make_page("Shop")
    subscribe(page)
    assert bulletins.tell(tell(make_incident(), audience=Audience.INTERNAL).pk, NOW) == 0


def test_the_foot_of_a_mail_ends_it() -> None:
    page, _ = make_page("Shop")
    subscribe(page)
    update = tell(make_incident())
    bulletins.tell(update.pk, NOW)
    subscribing.end(link(Mail.objects.get(update=update)))
    assert not Subscriber.objects.exists()
    assert not Mail.objects.filter(update=update).exists()


def test_an_address_is_not_readable_where_it_is_kept() -> None:
    page, _ = make_page("Shop")
    kept = subscribe(page)
    assert b"eve" not in bytes(kept.address) + kept.address_hash.encode()


def test_a_link_is_not_readable_where_it_is_kept() -> None:
    page, _ = make_page("Shop")
    subscribing.ask(page, ADDRESS, "192.0.2.1", NOW)
    assert b"status-mail" not in bytes(Mail.objects.get().words or b"")


def test_a_link_holds_for_two_days() -> None:
    page, _ = make_page("Shop")
    subscribing.ask(page, ADDRESS, "192.0.2.1", NOW)
    with pytest.raises(BadChange, match="holds no longer"):
        subscribing.confirm(link(Mail.objects.get()), NOW + timedelta(days=2, minutes=1))


@pytest.mark.parametrize("token", ["", "rubbish", "%00", "Ä"])
def test_a_damaged_link_says_what_to_do(token: str) -> None:
    with pytest.raises(BadChange, match="Ask for mail again"):
        subscribing.confirm(token, NOW)
    with pytest.raises(BadChange, match="newer mail"):
        subscribing.end(token)


def test_confirming_twice_subscribes_once() -> None:
    page, _ = make_page("Shop")
    subscribe(page)
    subscribing.confirm(link(Mail.objects.latest("pk")), NOW)
    assert Subscriber.objects.count() == 1


def test_who_is_subscribed_is_not_asked_again() -> None:
    page, _ = make_page("Shop")
    subscribe(page)
    subscribing.ask(page, ADDRESS.upper(), "192.0.2.1", NOW)
    assert Mail.objects.count() == 1


def test_nobody_is_flooded() -> None:
    page, _ = make_page("Shop")
    for _ in range(5):
        subscribing.ask(page, ADDRESS, "192.0.2.1", NOW)
    assert Mail.objects.count() == subscribing.MOST_TO_ONE


def test_one_client_can_not_ask_for_many() -> None:
    page, _ = make_page("Shop")
    for number in range(subscribing.MOST_FOR_ONE + 3):
        subscribing.ask(page, f"eve{number}@example.org", "192.0.2.1", NOW)
    assert Mail.objects.count() == subscribing.MOST_FOR_ONE
    subscribing.ask(page, "other@example.org", "192.0.2.2", NOW)
    assert Mail.objects.count() == subscribing.MOST_FOR_ONE + 1


@pytest.mark.parametrize("address", ["", "eve", "eve@example.org\nBcc: all@example.org", f"{'e' * 250}@example.org"])
def test_what_is_no_address_is_refused(address: str) -> None:
    page, _ = make_page("Shop")
    with pytest.raises(BadChange, match="no e-mail address"):
        subscribing.ask(page, address, "192.0.2.1", NOW)


def test_a_page_that_is_no_longer_public_takes_nobody() -> None:
    page, _ = make_page("Shop")
    subscribing.ask(page, ADDRESS, "192.0.2.1", NOW)
    publishing.set_public(page.pk, public=False, now=NOW)
    with pytest.raises(BadChange, match="holds no longer"):
        subscribing.confirm(link(Mail.objects.get()), NOW)


def test_what_could_not_be_delivered_in_a_day_is_no_news() -> None:
    page, _ = make_page("Shop")
    subscribing.ask(page, ADDRESS, "192.0.2.1", NOW)
    assert subscribing.unsent(NOW).count() == 1
    assert subscribing.unsent(NOW + timedelta(days=2)).count() == 0
    subscribing.delivered(Mail.objects.get(), NOW)
    assert subscribing.unsent(NOW).count() == 0


def test_what_was_delivered_is_forgotten_in_the_end() -> None:
    page, _ = make_page("Shop")
    subscribing.ask(page, ADDRESS, "192.0.2.1", NOW - timedelta(days=8))
    bulletins.tell(tell(make_incident()).pk, NOW)
    assert not Mail.objects.exists()
