"""Updates are sent as they are, once they are fit for whom they are for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import NOW, make_incident
from tocsin.ground.models import Timer
from tocsin.incidents.audience import Audience, Impact, Moment
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.telling import Known, Said, Unread, send, updates_of
from tocsin.incidents.update_clocks import TIMER
from tocsin.incidents.updates import SENT, StatusUpdate

pytestmark = pytest.mark.django_db
KNOWN = Known(names=("cart-db",), public=("Checkout",), key=b"a key")
SAID = Said(Audience.EXTERNAL, Moment.IDENTIFIED, "Payments fail", "We know why.", Impact.PARTIAL)


def sent(
    said: Said = SAID, incident: Incident | None = None, *, is_read: bool = False, at: datetime = NOW
) -> StatusUpdate:
    return send((incident or make_incident()).pk, said, KNOWN, is_read=is_read, actor="kim", now=at)


def test_an_update_is_kept_and_told_on_the_timeline() -> None:
    update = sent()
    assert list(updates_of(update.incident)) == [update]
    entry = update.incident.timeline.get(kind="message")
    assert entry.text == "Told outsiders (identified): Payments fail. We know why."
    assert entry.reference == {"update": update.pk, "audience": "external"}


def test_what_has_to_follow_is_asked_for_in_the_same_transaction() -> None:
    assert Timer.objects.filter(kind=SENT, key=str(sent().pk), due_at=NOW).exists()


def test_an_update_winds_the_clock() -> None:
    update = sent()
    due_at = Timer.objects.get(kind=TIMER, key=str(update.incident_id)).due_at
    assert due_at == NOW + timedelta(minutes=60)


def test_what_outsiders_should_not_read_is_sent_once_it_was_read() -> None:
    said = replace(SAID, text="cart-db is full.")
    with pytest.raises(Unread, match="internal name “cart-db”") as refusal:
        sent(said)
    assert [one.said for one in refusal.value.found] == ["cart-db"]
    assert sent(said, is_read=True).text == "cart-db is full."


def test_a_headline_is_looked_at_too() -> None:
    with pytest.raises(Unread, match="internal address"):
        sent(replace(SAID, headline="10.0.3.17 is down"))


def test_the_team_may_be_told_by_name() -> None:
    assert sent(replace(SAID, audience=Audience.INTERNAL, text="cart-db is full."))


@pytest.mark.parametrize("audience", Audience)
def test_a_secret_is_never_sent(audience: Audience) -> None:
    with pytest.raises(Unread, match="never sent") as refusal:
        sent(replace(SAID, audience=audience, text="password=hunter22"), is_read=True)
    assert "hunter22" not in str(refusal.value)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"headline": " "}, "Say in the headline"),
        ({"headline": "x" * 121}, "120 characters"),
        ({"text": "\x00 "}, "Say something"),
        ({"text": "x" * 10_001}, "10,000"),
        ({"next_update_at": NOW}, "a time to come"),
        ({"next_update_at": NOW + timedelta(days=31)}, "30 days"),
        ({"corrects": 4711}, "no update of this incident"),
    ],
)
def test_what_can_not_be_sent_is_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(BadChange, match=why):
        sent(replace(SAID, **wrong))


def test_a_correction_is_another_update() -> None:
    first = sent()
    second = sent(replace(SAID, text="We do not know why.", corrects=first.pk), first.incident)
    assert second.corrects == first
    first.refresh_from_db()
    assert first.text == "We know why."
    with pytest.raises(BadChange):
        sent(replace(SAID, audience=Audience.INTERNAL, corrects=first.pk), first.incident)


def test_the_last_update_promises_no_other() -> None:
    said = replace(SAID, moment=Moment.RESOLVED, next_update_at=NOW + timedelta(hours=1))
    assert sent(said).next_update_at is None
