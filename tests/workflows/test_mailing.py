"""Mail to outsiders is delivered through the e-mail channel, to a real mail server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from tests.factories import NOW, make_incident
from tests.incidents.published import make_page, tell
from tests.incidents.test_subscribing import ADDRESS, subscribe
from tests.notifications.vendor import Post, mail_server
from tocsin.incidents import bulletins
from tocsin.incidents.status_page import Mail
from tocsin.notifications import store
from tocsin.notifications.rules import Audience
from tocsin.workflows.mailing import ASK_AGAIN, Postman

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as running:
        yield running


def nobody_waits(_: Callable[[], Any]) -> Awaitable[Any]:
    raise AssertionError("each mail is delivered by hand here")


def postman() -> Postman:
    return Postman(nobody_waits)


def set_up(post: Post) -> None:
    given = {"host": "127.0.0.1", "port": str(post.port), "security": "none", "sender": "tocsin@example.org"}
    store.add(
        *("email", "Mail", given, Audience.NOBODY),
        project=None,
        actor="root",
        is_admin=True,
        secret=settings.SECRET_KEY,
        now=NOW,
    )


def told(count: int = 1) -> list[Mail]:
    """Mails of updates that wait, to one who confirmed."""
    page, _ = make_page("Shop")
    subscribe(page)
    Mail.objects.update(sent_at=NOW)
    for _ in range(count):
        bulletins.tell(tell(make_incident()).pk, NOW)
    return list(Mail.objects.filter(sent_at=None))


def test_a_mail_is_handed_over_once(post: Post) -> None:
    set_up(post)
    told()
    assert [postman().deliver_one(NOW), postman().deliver_one(NOW)] == [True, False]
    [mail] = post.mails
    assert f"To: {ADDRESS}" in mail
    assert "\r\nList-Unsubscribe: <http" in mail


def test_without_a_channel_mails_wait(post: Post) -> None:
    told()
    assert not postman().deliver_one(NOW)
    assert Mail.objects.filter(sent_at=None).count() == 1


def test_what_is_put_off_is_tried_again_and_holds_up_nothing(post: Post) -> None:
    set_up(post)
    told(2)
    post.refuses = "451 later"
    carrier = postman()
    assert carrier.deliver_one(NOW)
    post.refuses = ""
    assert [carrier.deliver_one(NOW), carrier.deliver_one(NOW)] == [True, False]
    assert carrier.deliver_one(NOW + ASK_AGAIN)
    assert len(post.mails) == 2


def test_what_is_refused_for_good_is_given_up(post: Post) -> None:
    set_up(post)
    told()
    post.refuses = "550 nobody here"
    carrier = postman()
    assert [carrier.deliver_one(NOW), carrier.deliver_one(NOW)] == [True, False]
    assert post.mails == []


def test_old_news_is_not_delivered(post: Post) -> None:
    set_up(post)
    told()
    assert not postman().deliver_one(NOW + timedelta(days=1))
