"""People hear of their shifts, swaps and gaps: calmly, once, by their own ways."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from tests.factories import make_incident, make_user
from tests.notifications.made import make_channel
from tests.oncall.escalating import make_reachable
from tests.oncall.kept import DAY, TODAY, make_people, make_schedule, replacing
from tests.oncall.schedules import layer, utc
from tocsin.accounts.access import Role
from tocsin.notifications import contacts, outbox
from tocsin.notifications.models import ContactMethod, ContactRule, Message
from tocsin.notifications.notice import Kind, Notice
from tocsin.notifications.rules import Audience
from tocsin.oncall import changes, swaps
from tocsin.oncall.models import Schedule
from tocsin.oncall.schedule import Restriction
from tocsin.workflows import handing_over

pytestmark = pytest.mark.django_db
# Bob follows alice on this Monday at 09:00 in Berlin.
HANDOVER = utc(3, 9, 8)
DAYS = Restriction(frozenset(range(5)), time(9), time(17))


@pytest.fixture
def schedule() -> Schedule:
    made = make_schedule()
    for name in ("alice", "bob", "carol"):
        make_reachable(name)
    return made


def said(to: str) -> list[str]:
    return [row.notice["text"] for row in Message.objects.filter(user__username=to).order_by("id")]


def test_who_comes_hears_of_it_half_a_day_before(schedule: Schedule) -> None:
    at = HANDOVER - timedelta(hours=11)
    assert (handing_over.tell_of_shifts(at), handing_over.tell_of_shifts(at)) == (1, 0)
    assert said("bob") == ["Your shift on “Shop” begins Mon 2026-03-09 08:00 (UTC). Before you: alice."]
    assert Message.objects.get().kind == Kind.DUTY


def test_at_the_hand_over_both_sides_hear_and_who_comes_what_is_open(schedule: Schedule) -> None:
    low, high = make_incident(title="Slow", severity="low"), make_incident(title="Down", severity="high")
    assert handing_over.tell_of_shifts(HANDOVER + timedelta(minutes=1)) == 2
    assert said("alice") == ["You are off call on “Shop”: bob has it now."]
    [begins] = said("bob")
    assert begins.startswith("You are on call on “Shop” now, until Mon 2026-03-16 08:00 (UTC). Before you: alice.")
    assert begins.endswith(f"Open now: {high.name} [high] Down; {low.name} [low] Slow.")


def test_a_hand_over_of_an_hour_ago_is_no_news(schedule: Schedule) -> None:
    assert handing_over.tell_of_shifts(HANDOVER + timedelta(minutes=90)) == 0


def test_who_is_on_call_already_is_not_told_that_it_begins(schedule: Schedule) -> None:
    early = replacing("alice", "bob", 8)
    changes.override(schedule.pk, early, actor="dave", now=TODAY)
    handing_over.tell_of_shifts(HANDOVER - timedelta(hours=2))
    assert not any("begins" in text for text in said("bob"))


def test_quiet_hours_hold_it_and_what_they_held_goes_out_as_one(schedule: Schedule) -> None:
    make_schedule("Bank")
    bob = ContactMethod.objects.get(user__username="bob").user
    contacts.set_quiet(bob, "20:00", "07:00", "UTC")
    handing_over.tell_of_shifts(HANDOVER - timedelta(hours=11))
    until = datetime(2026, 3, 9, 7, tzinfo=HANDOVER.tzinfo)
    assert set(Message.objects.values_list("next_try_at", flat=True)) == {until}
    [sent] = outbox.claim("a", until, 10)
    assert len(outbox.notice_of(sent).more) == 1


def test_a_calm_message_never_speaks_for_a_call(schedule: Schedule) -> None:
    method = ContactMethod.objects.get(user__username="bob")
    contacts.say(method.user, "Your shift begins.", key="calm", reason="a test", now=TODAY)
    call = outbox.Asked(method.channel, Notice("", Kind.PAGE, TODAY, "Down."), "a test", "call", address=method.address)
    outbox.enqueue([call], TODAY)
    Message.objects.update(is_held=True)
    Message.objects.filter(dedup_key="call").update(next_try_at=TODAY + DAY)
    [sent] = outbox.claim("a", TODAY, 10)
    assert (sent.dedup_key, outbox.notice_of(sent).more) == ("calm", ())


def test_no_telephone_rings_for_it() -> None:
    user, voice = make_user("vera"), make_channel("voice", Audience.NOBODY)
    method = ContactMethod.objects.create(
        user=user, channel=voice, address="+491701234567", confirmed_at=TODAY, created_at=TODAY
    )
    ContactRule.objects.create(method=method)
    found = contacts.say(user, "Your shift begins.", key="k", reason="a test", now=TODAY)
    assert found.nobody_because == "vera has no confirmed way to be reached but calls"


def test_who_is_asked_to_swap_hears_it_and_who_asked_the_answer(schedule: Schedule) -> None:
    alice, bob = make_people("alice", "bob")
    swap = swaps.ask(schedule.pk, replacing("", ""), alice, bob, TODAY)
    assert (handing_over.tell_of_swaps(TODAY), handing_over.tell_of_swaps(TODAY)) == (1, 0)
    assert said("bob")[0].startswith("alice asks you to take over on “Shop” 2026-03-04 09:00 to 2026-03-05 09:00")
    swaps.decline(swap.pk, bob, TODAY)
    handing_over.tell_of_swaps(TODAY + timedelta(seconds=5))
    assert said("alice")[0].startswith("bob does not take over on “Shop”")


def test_what_was_asked_of_anybody_goes_to_all_others_and_in_vain_back(schedule: Schedule) -> None:
    [alice] = make_people("alice")
    swaps.ask(schedule.pk, replacing("", ""), alice, None, TODAY)
    handing_over.tell_of_swaps(TODAY)
    assert [len(said(name)) for name in ("alice", "bob", "carol")] == [0, 1, 1]
    handing_over.tell_of_swaps(utc(3, 4, 9))
    assert said("alice") == [
        "Nobody took over on “Shop” 2026-03-04 09:00 to 2026-03-05 09:00, Europe/Berlin: you carry it yourself."
    ]


def test_managers_hear_of_a_gap_once_and_again_when_it_came_back() -> None:
    make_user("mara", Role.MANAGER)
    make_reachable("mara")
    schedule = make_schedule("Days", layer(restrictions=(DAYS,)))
    assert [handing_over.tell_of_gaps(TODAY + days * DAY) for days in range(3)] == [1, 0, 0]
    assert "within two weeks" in said("mara")[0]
    Schedule.objects.filter(pk=schedule.pk).update(gaps_told=[])
    assert handing_over.tell_of_gaps(TODAY + 4 * DAY) == 1


def test_who_does_not_manage_the_schedule_hears_of_no_gap() -> None:
    make_reachable("alice")
    make_schedule("Days", layer(restrictions=(DAYS,)))
    assert handing_over.tell_of_gaps(TODAY) == 0
