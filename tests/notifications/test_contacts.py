"""People are reached where they said and confirmed, in their order, and left alone at night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_incident, make_user
from tests.notifications.made import make_channel
from tocsin.accounts.models import User
from tocsin.notifications import contacts, outbox, store
from tocsin.notifications.contacts import BadContact, Called, call
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel, ContactMethod, Message
from tocsin.notifications.notice import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def ayse() -> User:
    return make_user("ayse")


def code_in(method: ContactMethod) -> str:
    said = Message.objects.filter(contact=method).latest("id")
    return outbox.notice_of(said).text.split()[0]


def confirmed(user: User, kind: str = "console", address: str = "pager", minutes: int = 0) -> ContactMethod:
    method = contacts.add(user, make_channel(kind), address, NOW)
    contacts.confirm(method, code_in(method), NOW)
    contacts.set_rule(method, minutes, [])
    return method


def called(user: User, severity: str = "high", key: str = "e1") -> Called:
    incident = make_incident(severity=severity)
    facts = facts_of([incident.pk])[incident.pk]
    return call(user, Kind.PAGE, facts, "Cart is down.", key=key, reason="you are on call for shop", now=NOW)


def pages() -> list[Message]:
    return list(Message.objects.filter(kind="page").order_by("next_try_at"))


def test_an_address_is_used_once_its_code_came_back(ayse: User) -> None:
    method = contacts.add(ayse, make_channel(), "pager", NOW)
    assert called(ayse) == Called((), "ayse has no confirmed way to be reached")
    contacts.confirm(method, code_in(method), NOW)
    assert called(ayse).ways == ("console",)


def test_a_wrong_code_confirms_nothing_and_five_end_it(ayse: User) -> None:
    method = contacts.add(ayse, make_channel(), "pager", NOW)
    right = code_in(method)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(BadContact, match=f"{left} tries are left"):
            contacts.confirm(method, "x", NOW)
    with pytest.raises(BadContact, match="no longer holds"):
        contacts.confirm(method, right, NOW)


@pytest.mark.parametrize(
    ("kind", "address"),
    [("sms", "0170 123"), ("voice", "+49"), ("email", "ayse"), ("email", "ayse@example.org, all@example.org")],
)
def test_what_is_no_address_is_refused(ayse: User, kind: str, address: str) -> None:
    with pytest.raises(BadContact, match="is none"):
        contacts.add(ayse, make_channel(kind), address, NOW)


def test_tries_are_counted_also_by_whoever_read_before(ayse: User) -> None:
    first = contacts.add(ayse, make_channel(), "pager", NOW)
    second = ContactMethod.objects.get()
    for method, left in ((first, 4), (second, 3)):
        with pytest.raises(BadContact, match=f"{left} tries are left"):
            contacts.confirm(method, "x", NOW)


def test_a_way_that_is_paused_reaches_nobody(ayse: User) -> None:
    confirmed(ayse, "ntfy", "mine", minutes=5)
    paused = confirmed(ayse).channel
    store.pause(paused, NOW)
    assert called(ayse).ways == ("ntfy in 5 min",)
    store.pause(Channel.objects.get(name="ntfy"), NOW)
    assert called(ayse, key="e2").nobody_because == "ayse: what reaches them is paused (console, ntfy)"


def test_a_code_grows_old(ayse: User) -> None:
    method = contacts.add(ayse, make_channel(), "pager", NOW)
    with pytest.raises(BadContact, match="no longer holds"):
        contacts.confirm(method, code_in(method), NOW + timedelta(minutes=16))


def test_ways_are_used_in_their_time(ayse: User) -> None:
    confirmed(ayse, "sms", "+491701234567", minutes=0)
    confirmed(ayse, "voice", "+491701234567", minutes=5)
    assert called(ayse).ways == ("sms", "voice in 5 min")
    assert [page.next_try_at for page in pages()] == [NOW, NOW + timedelta(minutes=5)]


def test_the_same_call_is_made_once(ayse: User) -> None:
    confirmed(ayse)
    called(ayse)
    called(ayse)
    assert len(pages()) == 1


def test_a_way_for_other_severities_is_not_used(ayse: User) -> None:
    method = confirmed(ayse)
    contacts.set_rule(method, 0, ["critical"])
    assert called(ayse, "low").nobody_because == "ayse: none of the ways to reach them is for this severity"


def test_at_night_only_what_is_critical_wakes(ayse: User) -> None:
    confirmed(ayse)
    contacts.set_quiet(ayse, "22:00", "07:00", "UTC")
    assert called(ayse, "high", "e1").ways == ("console in 4 h 00 min (quiet hours)",)
    assert called(ayse, "critical", "e2").ways == ("console",)
    assert [page.note for page in pages()] == ["", "quiet hours until 07:00 (UTC); only critical breaks them"]


def test_the_first_call_about_an_incident_goes_before_later_ones(ayse: User) -> None:
    confirmed(ayse)
    facts = facts_of([make_incident().pk]).popitem()[1]
    for key in ("first", "second"):
        call(ayse, Kind.PAGE, facts, "Down.", key=key, reason="a test", now=NOW)
    assert [page.priority for page in Message.objects.filter(kind="page").order_by("id")] == [20, 10]


def test_who_has_answered_is_not_called_any_more(ayse: User) -> None:
    confirmed(ayse)
    called(ayse)
    [page] = pages()
    assert outbox.suppress_calls(page.incident_id or 0, "ayse acknowledged it", NOW) == 1
