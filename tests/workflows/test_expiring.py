"""What its sender no longer reports ends by itself, unless it was us who could not listen."""

from __future__ import annotations

import pytest

from tests.workflows.sending import alert, minutes, send, sender_of
from tocsin.alerts.models import Alert, Occurrence
from tocsin.ground.models import Timer
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db(transaction=True)


def sweep_until(last: float, first: float = 4) -> None:
    """As the worker does, four times a minute."""
    for quarter in range(round(first * 4), round(last * 4) + 1):
        sweep(minutes(quarter / 4))


def test_a_firing_ends_when_its_expiry_and_a_grace_have_passed() -> None:
    send(sender_of(), alert(expires_at=minutes(4)))
    sweep_until(4.75)
    assert Alert.objects.get().firing
    sweep_until(5.5, 4.75)
    assert not Alert.objects.get().firing
    assert Occurrence.objects.get().ends_at == minutes(4)
    assert Incident.objects.get().quiet_since is not None
    assert TimelineEntry.objects.latest("id").text == "Down expired: no longer reported by the sender."


def test_a_repeated_firing_goes_on() -> None:
    sender = sender_of()
    for minute in range(10):
        send(sender, alert(expires_at=minutes(minute + 4)), at=minutes(minute))
    sweep_until(13)
    assert Alert.objects.get().firing


def test_after_we_were_away_senders_get_the_time_to_say_it_again() -> None:
    sender = sender_of()
    send(sender, alert(expires_at=minutes(4)))
    sweep(minutes(30))
    assert Alert.objects.get().firing
    send(sender, alert(expires_at=minutes(35)), at=minutes(31))
    sweep_until(35.5, 30)
    assert Alert.objects.get().firing
    sweep_until(37, 35.5)
    assert not Alert.objects.get().firing


def test_nothing_is_swept_where_nothing_can_expire() -> None:
    send(sender_of(), alert())
    assert not Timer.objects.filter(kind="expiry").exists()


def test_the_sweep_ends_with_the_last_that_may_expire() -> None:
    send(sender_of(), alert(expires_at=minutes(4)))
    sweep_until(6)
    assert not Timer.objects.filter(kind="expiry").exists()
