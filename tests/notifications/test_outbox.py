"""Messages are claimed by one, renewed while that one lives, and taken over when it died."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from tests.factories import NOW, make_incident, make_user
from tests.notifications.made import lay_in, make_channel
from tocsin.accounts.models import User
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import Status
from tocsin.notifications import outbox
from tocsin.notifications.delivery import Again, Ends
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Attempt, Channel, Event, Message
from tocsin.notifications.notice import Facts, Kind, Notice
from tocsin.notifications.outbox import Result, claim, finish, notice_of

pytestmark = pytest.mark.django_db
TAKEN = Result("200 ok", 1, None)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def facts() -> Facts:
    incident = make_incident()
    return facts_of([incident.pk])[incident.pk]


def test_the_same_message_is_laid_in_once() -> None:
    channel = make_channel()
    assert lay_in(channel, "one") == lay_in(channel, "one")


def test_what_is_claimed_is_claimed_by_nobody_else() -> None:
    message = lay_in(make_channel())
    assert claim("a", NOW, 10) == [message]
    assert claim("b", NOW, 10) == []


def test_what_a_dead_worker_held_is_taken_over_as_a_repeat() -> None:
    lay_in(make_channel())
    [first] = claim("a", NOW, 10)
    assert not notice_of(first).is_repeat
    [second] = claim("b", later(6), 10)
    assert notice_of(second).is_repeat
    assert (notice_of(second).id, second.tries) == (notice_of(first).id, 2)


def test_who_renews_keeps_the_claim() -> None:
    lay_in(make_channel())
    claim("a", NOW, 10)
    outbox.renew("a", later(4))
    assert claim("b", later(6), 10) == []


def test_what_a_worker_says_that_was_taken_for_dead_counts_for_nothing() -> None:
    lay_in(make_channel())
    [first] = claim("a", NOW, 10)
    claim("b", later(6), 10)
    assert not finish(first, "a", Result("no", 0, Ends("no", True)), later(7))
    assert Message.objects.get().state == "claimed"


def test_what_was_taken_is_sent_and_has_its_attempt() -> None:
    lay_in(make_channel())
    [message] = claim("a", NOW, 10)
    assert finish(message, "a", TAKEN, later(1))
    message.refresh_from_db()
    assert (message.state, message.ended_at) == ("sent", later(1))
    assert Attempt.objects.get().outcome == "200 ok"


def test_what_failed_for_now_waits_for_its_time() -> None:
    lay_in(make_channel())
    [message] = claim("a", NOW, 10)
    finish(message, "a", Result("503", 0, Again(later(30), "answered 503")), NOW)
    assert claim("a", later(29), 10) == []
    assert [each.note for each in claim("a", later(30), 10)] == ["answered 503"]


def test_news_of_an_incident_go_to_a_room_in_their_order() -> None:
    channel, about = make_channel("slack"), facts()
    first, second = lay_in(channel, "1", Kind.NEW, about), lay_in(channel, "2", Kind.RESOLVED, about)
    assert claim("a", NOW, 10) == [first]
    finish(first, "a", TAKEN, NOW)
    assert claim("a", NOW, 10) == [second]


def test_calls_overtake_news() -> None:
    channel = make_channel()
    lay_in(channel, "news")
    call = lay_in(channel, "call", Kind.PAGE, priority=10, address="ayse")
    assert claim("a", NOW, 1) == [call]


def test_busy_and_paused_channels_are_left_alone() -> None:
    channel = make_channel()
    lay_in(channel)
    assert claim("a", NOW, 10, [channel.pk]) == []
    Channel.objects.update(paused_at=NOW)
    assert claim("a", NOW, 10) == []


def call(channel: Channel, number: int, priority: int = 0) -> Message:
    return lay_in(channel, f"call {number}", Kind.PAGE, address="+491701234567", priority=priority)


def test_a_storm_calls_a_person_three_times_and_then_once_for_all() -> None:
    channel = make_channel("voice", provider="console")
    for number in range(20):
        call(channel, number)
    claimed = claim("a", NOW, 50)
    assert len(claimed) == 3
    for each in claimed:
        finish(each, "a", TAKEN, NOW)
    assert claim("a", later(60), 50) == []
    [fourth] = claim("a", later(15 * 60), 50)
    assert len(notice_of(fourth).more) == 16
    assert Message.objects.filter(state="suppressed", note=f"bundled into message {fourth.pk}").count() == 16


def test_what_was_bundled_into_a_call_that_fails_has_failed_too_and_goes_its_next_way() -> None:
    voice, pager = make_channel("voice", provider="console"), make_channel("console")
    for number in range(5):
        lay_in(voice, f"call {number}", Kind.PAGE, address="+491701234567", group=f"g{number}")
    lay_in(pager, "next way", Kind.PAGE, address="pager", group="g4", at=later(3600))
    for each in claim("a", NOW, 50):
        finish(each, "a", TAKEN, NOW)
    assert claim("a", later(1), 50) == []
    [bearer] = claim("a", later(15 * 60), 50)
    finish(bearer, "a", Result("no", 0, Ends("answered 404", is_refused=True)), later(15 * 60))
    spoken_for = Message.objects.get(dedup_key="call 4")
    assert (spoken_for.state, spoken_for.note) == ("failed", f"bundled into message {bearer.pk}, which failed")
    assert [each.dedup_key for each in claim("a", later(15 * 60), 50)] == ["next way"]


def test_what_is_calm_never_speaks_for_a_call() -> None:
    channel = make_channel()
    lay_in(channel, "end", Kind.RESOLVED, address="pager", is_held=True, priority=1)
    lay_in(channel, "call", Kind.PAGE, address="pager", is_held=True)
    assert [message.dedup_key for message in outbox.claim("w", NOW, 1)] == ["end"]
    assert [message.dedup_key for message in outbox.claim("w", NOW, 1)] == ["call"]


def test_a_channel_of_a_kind_that_only_a_newer_version_knows_is_left_to_that() -> None:
    channel = make_channel()
    lay_in(channel)
    Channel.objects.update(kind="telepathy")
    assert claim("a", NOW, 10) == []


def test_the_first_of_an_incident_goes_before_what_was_held_back() -> None:
    channel = make_channel("voice", provider="console")
    for number in range(5):
        call(channel, number)
    for each in claim("a", NOW, 50):
        finish(each, "a", TAKEN, NOW)
    first = call(channel, 9, priority=20)
    claim("a", later(1), 50)
    [next_call] = claim("a", later(15 * 60), 50)
    assert next_call == first


def test_a_way_that_fails_for_good_lets_the_next_one_go_at_once() -> None:
    channel = make_channel()
    lay_in(channel, "sms", Kind.PAGE, address="a", group="g")
    voice = lay_in(channel, "voice", Kind.PAGE, address="b", group="g", at=later(300))
    [sms] = claim("a", NOW, 10)
    finish(sms, "a", Result("no", 0, Ends("answered 404", is_refused=True)), NOW)
    [found] = claim("a", NOW, 10)
    assert (found, found.note) == (voice, "earlier than planned: console failed")


def test_calls_that_wait_are_not_made_once_somebody_answered() -> None:
    channel, about = make_channel(), facts()
    lay_in(channel, "call", Kind.PAGE, about, address="a", user_id=make_user().pk)
    news = lay_in(channel, "news", Kind.NEW, about)
    assert outbox.suppress_calls(about.number, "ayşe acknowledged it", NOW) == 1
    assert claim("a", NOW, 10) == [news]


def test_who_was_shut_out_is_told_nothing_more() -> None:
    ayse = make_user("ayse")
    call_of_ayse = lay_in(make_channel(), "call", Kind.PAGE, address="pager", user_id=ayse.pk)
    User.objects.update(is_active=False)
    assert claim("a", NOW, 10) == []
    call_of_ayse.refresh_from_db()
    assert (call_of_ayse.state, call_of_ayse.note) == ("failed", "whoever it was for may not log in any more")


def test_what_is_beyond_a_limit_does_not_keep_others_waiting() -> None:
    voice, other = make_channel("voice"), make_channel("console")
    for number in range(20):
        lay_in(voice, f"call {number}", Kind.PAGE, facts(), address="+491701234567", priority=10)
    last = lay_in(other, "news")
    assert len(claim("a", NOW, 16)) == 3
    assert claim("a", NOW, 16) == [last]


def secret(key: str, channel: Channel) -> Message:
    """A message with a code that only its reader may see."""
    said = Notice("", Kind.TEST, NOW, "4711 is your code.", hidden=("4711",))
    outbox.enqueue([outbox.Asked(channel, said, "a test", key, address="pager")], NOW)
    return Message.objects.get(dedup_key=key)


def test_what_only_its_reader_may_see_lies_sealed_until_it_was_said() -> None:
    message = secret("one", make_channel())
    assert "4711" not in str(message.notice) + str(bytes(message.sealed or b""))
    assert notice_of(message).text == "4711 is your code."
    [claimed] = claim("a", NOW, 1)
    finish(claimed, "a", TAKEN, NOW)
    message.refresh_from_db()
    assert (message.sealed, notice_of(message).text) == (None, "••• is your code.")


def test_a_key_that_was_lost_loses_the_code_and_not_the_message() -> None:
    message = secret("one", make_channel())
    with override_settings(SECRET_KEY="another"):
        assert notice_of(message).text == "••• is your code."


def test_what_is_bundled_keeps_its_secrets_sealed() -> None:
    channel = make_channel("sms")
    first, _ = secret("one", channel), secret("two", channel)
    Message.objects.update(is_held=True)
    [claimed] = claim("a", NOW, 1)
    assert claimed == first
    assert "4711" not in str(claimed.notice)
    assert notice_of(claimed).more == ("4711 is your code.",)


def page(key: str = "call", about: Facts | None = None) -> Message:
    return lay_in(make_channel(name=key), key, Kind.PAGE, about or facts(), address="a")


def test_a_call_that_is_on_its_way_when_somebody_answers_is_not_tried_again() -> None:
    message = page()
    [claimed] = claim("a", NOW, 10)
    outbox.suppress_calls(message.incident_id or 0, "ayşe acknowledged it", later(1))
    finish(claimed, "a", Result("answered 503", 0, Again(later(3), "answered 503")), later(2))
    message.refresh_from_db()
    assert (message.state, message.note, claim("a", later(60), 10)) == ("suppressed", "ayşe acknowledged it", [])


@pytest.mark.parametrize("is_in_doubt", [True, False])
def test_what_a_vendor_may_have_taken_is_a_repeat_the_next_time(is_in_doubt: bool) -> None:
    page()
    [claimed] = claim("a", NOW, 10)
    finish(claimed, "a", Result("no answer", 0, Again(later(3), "no answer"), is_in_doubt=is_in_doubt), later(2))
    [again] = claim("b", later(60), 10)
    assert notice_of(again).is_repeat == is_in_doubt


def test_a_call_that_is_taken_while_somebody_answers_was_sent() -> None:
    message = page()
    [claimed] = claim("a", NOW, 10)
    outbox.suppress_calls(message.incident_id or 0, "ayşe acknowledged it", later(1))
    finish(claimed, "a", TAKEN, later(2))
    assert Message.objects.get().state == "sent"


def test_a_call_whose_sender_died_is_not_repeated_once_somebody_answered() -> None:
    message = page()
    claim("a", NOW, 10)
    outbox.suppress_calls(message.incident_id or 0, "ayşe acknowledged it", later(1))
    assert claim("b", later(6), 10) == []
    message.refresh_from_db()
    assert (message.state, message.note, message.sealed) == ("suppressed", "ayşe acknowledged it", None)


def test_a_call_that_speaks_for_others_goes_out_though_its_own_incident_was_answered() -> None:
    message = page()
    Message.objects.update(notice=message.notice | {"more": ["[critical] Page: INC-007 Cart is down"]})
    assert outbox.suppress_calls(message.incident_id or 0, "ayşe acknowledged it", NOW) == 0
    assert claim("a", NOW, 10) == [message]


def test_a_call_waits_until_what_people_did_to_its_incident_was_heard_of() -> None:
    message = page()
    assert message.incident_id
    changes.change_status(message.incident_id, Status.ACKNOWLEDGED, actor="ayşe", now=NOW)
    assert claim("a", NOW, 10) == []
    Event.objects.all().delete()
    assert claim("a", NOW, 10) == [message]
