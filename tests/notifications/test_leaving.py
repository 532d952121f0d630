"""A way that is taken away takes no page with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_user
from tests.notifications.made import lay_in, make_channel
from tocsin.notifications import contacts, leaving, outbox
from tocsin.notifications.delivery import Again
from tocsin.notifications.models import Channel, ContactMethod, Message
from tocsin.notifications.notice import Kind

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def push() -> Channel:
    """Through which a call waits, whose next way has its time later."""
    made = make_channel("ntfy")
    lay_in(made, "push", Kind.PAGE, address="mine", group="g")
    lay_in(make_channel("console"), "pager", Kind.PAGE, address="pager", group="g", at=LATER)
    return made


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("dedup_key", "state"))


def test_a_channel_that_is_removed_leaves_its_calls_to_the_next_way(push: Channel) -> None:
    leaving.remove(push, NOW)
    assert states() == {"push": "failed", "pager": "waiting"}
    [next_way] = outbox.claim("a", NOW, 10)
    assert next_way.note == "earlier than planned: the channel ntfy was removed"


def test_a_channel_that_is_paused_keeps_its_news_and_no_calls(push: Channel) -> None:
    lay_in(push, "news")
    leaving.pause(push, NOW)
    assert states() == {"push": "failed", "pager": "waiting", "news": "waiting"}


def test_what_is_on_its_way_then_is_tried_no_second_time(push: Channel) -> None:
    [message] = outbox.claim("a", NOW, 10)
    leaving.remove(push, NOW)
    outbox.finish(message, "a", outbox.Result("503", 0, Again(LATER, "answered 503")), NOW)
    assert states()["push"] == "suppressed"
    assert [each.dedup_key for each in outbox.claim("a", NOW, 10)] == ["pager"]


def test_an_address_that_is_removed_is_not_called_any_more() -> None:
    method = contacts.add(make_user("ayse"), make_channel(), "pager", NOW)
    lay_in(method.channel, "call", Kind.PAGE, address="pager", contact_id=method.pk)
    leaving.forget(method, NOW)
    assert not ContactMethod.objects.exists()
    assert Message.objects.get(dedup_key="call").note == "ayse removed this address"
