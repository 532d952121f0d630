"""Silences hold incidents, let go of them, and look again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection, transaction

from tests.factories import NOW
from tests.workflows.sending import alert, minutes, send, sender_of
from tocsin.alerts import silences
from tocsin.alerts.models import Alert, Silence
from tocsin.alerts.silences import BadSilence, Draft
from tocsin.incidents.models import Incident, IncidentOccurrence, TimelineEntry, TrialOutcome
from tocsin.workflows import holding
from tocsin.workflows.holding import service_names
from tocsin.workflows.ingest import Sender
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sender() -> Sender:
    return sender_of()


def draft(matchers: str = 'alertname="x"', start: float = 0, end: float = 60, **more: object) -> Draft:
    return Draft(None, matchers, minutes(start), minutes(end), "night work", **more)  # type: ignore[arg-type]


def silence(matchers: str = 'deployment="cart"', *, now: datetime = NOW, **more: float) -> Silence:
    return silences.keep(draft(matchers, **more), actor="alice", now=now)


def last_line() -> str:
    return TimelineEntry.objects.filter(kind="silence").latest("id").text


def incident() -> Incident:
    return Incident.objects.get()


def test_a_silenced_alert_is_kept_and_its_incident_is_held(sender: Sender) -> None:
    kept = silence()
    send(sender, alert())
    assert (incident().held_by, incident().held_until) == (kept, minutes(60))
    assert last_line() == f"Held by silence {kept.pk} (night work): nobody is told while it lasts."


def test_an_alert_that_it_is_not_about_lets_go(sender: Sender) -> None:
    silence('deployment="cart"\nseverity!="critical"')
    send(sender, alert())
    send(sender, alert("Worse", labels={"severity": "critical"}), at=minutes(1))
    assert (incident().held_by, incident().held_until) == (None, None)
    assert "is not about Worse on cart" in last_line()


def test_within_one_batch_too(sender: Sender) -> None:
    silence('alertname="Down"')
    send(sender, alert(labels={"alertname": "Down"}), alert("Worse"))
    assert incident().held_by is None


def test_when_it_ends_what_still_fires_is_released(sender: Sender) -> None:
    silence()
    send(sender, alert())
    sweep(minutes(61))
    assert incident().held_by is None
    assert last_line().endswith("ended, still firing: no longer held.")


def test_when_it_ends_and_nothing_fires_nobody_is_bothered(sender: Sender) -> None:
    silence()
    send(sender, alert())
    send(sender, alert(firing=False), at=minutes(58))
    sweep(minutes(61))
    assert last_line().endswith("ended, nothing fires any more.")


def test_another_silence_takes_over(sender: Sender) -> None:
    silence()
    longer = silence("@title=Down", end=90)
    Incident.objects.update(held_by=None)
    send(sender, alert())
    silences.end(longer.pk, actor="alice", now=minutes(5))
    sweep(minutes(5))
    assert incident().held_until == minutes(60)


def test_what_fires_already_is_held_when_it_begins(sender: Sender) -> None:
    send(sender, alert())
    silence(start=10)
    sweep(minutes(9))
    assert incident().held_by is None
    sweep(minutes(10))
    assert incident().held_until == minutes(60)


def look_elsewhere(silence: int, at: datetime) -> None:
    try:
        holding.look(silence, at)
    finally:
        connection.close()


def wait_for_a_lock_that_is_waited_for() -> None:
    with connection.cursor() as cursor:
        while not cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            time.sleep(0.01)


def test_what_joins_in_the_very_moment_when_it_begins_is_not_held(sender: Sender) -> None:
    send(sender, alert(), alert("Worse", "web"))
    joined, worse = Incident.objects.order_by("title")
    kept = silence(start=10)
    with ThreadPoolExecutor() as elsewhere, transaction.atomic():
        Incident.objects.select_for_update(no_key=True).get(pk=joined.pk)
        looking = elsewhere.submit(look_elsewhere, kept.pk, minutes(10))
        wait_for_a_lock_that_is_waited_for()
        IncidentOccurrence.objects.filter(incident=worse).update(incident=joined)
        transaction.on_commit(looking.result)
    joined.refresh_from_db()
    assert (joined.title, joined.held_by) == ("Down: shop/cart", None)


def test_ending_it_early_releases_at_once(sender: Sender) -> None:
    kept = silence()
    send(sender, alert())
    silences.end(kept.pk, actor="bob", now=minutes(5))
    sweep(minutes(5))
    assert incident().held_by is None
    with pytest.raises(BadSilence, match="already"):
        silences.end(kept.pk, actor="bob", now=minutes(6))


def test_an_edit_is_a_new_version_that_holds_instead(sender: Sender) -> None:
    kept = silence()
    send(sender, alert())
    new = silences.replace(kept.pk, draft("@title=Down", end=20), actor="bob", now=minutes(5))
    sweep(minutes(5))
    assert (new.replaces, incident().held_by, incident().held_until) == (kept, new, minutes(20))


def test_a_recurring_one_moves_on_to_its_next_window(sender: Sender) -> None:
    kept = silences.keep(draft('deployment="cart"', recurrence="FREQ=DAILY"), actor="alice", now=NOW)
    sweep(minutes(61))
    kept.refresh_from_db()
    assert kept.active_from == minutes(24 * 60)
    send(sender, alert(), at=minutes(62))
    assert incident().held_by is None
    sweep(minutes(24 * 60))
    assert incident().held_by == kept


def test_one_in_trial_holds_nothing_and_says_what_it_would(sender: Sender) -> None:
    kept = silences.keep(draft('deployment="cart"', is_trial=True), actor="alice", now=NOW)
    send(sender, alert())
    assert incident().held_by is None
    [outcome] = TrialOutcome.objects.all()
    assert (outcome.silence, outcome.would, outcome.incident) == (kept, "hold", incident())


def test_a_preview_shows_what_it_would_match_now_and_lately(sender: Sender) -> None:
    send(sender, alert(), alert("Slow", "web"))
    send(sender, alert(firing=False), at=minutes(1))
    found = silences.preview(draft("namespace=shop", start=2), minutes(2), service_names())
    assert (found.firing, found.lately) == (1, 2)
    assert found.shown[0] == Alert.objects.get(title="Slow")


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (draft(""), "matchers"),
        (draft("a=~(b+)+"), "matchers"),
        (draft(end=-5), "times"),
        (draft(start=-90, end=-5), "times"),
        (draft(recurrence="FREQ=HOURLY"), "recurrence"),
        (Draft(None, "a=b", NOW, minutes(5), " "), "reason"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused_by_field(bad: Draft, field: str) -> None:
    with pytest.raises(BadSilence) as refused:
        silences.keep(bad, actor="alice", now=NOW)
    assert refused.value.field == field
