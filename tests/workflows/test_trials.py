"""A source in trial has no effect, and shows what it would have had."""

from __future__ import annotations

import pytest

from tests.factories import make_source
from tests.workflows.sending import alert, minutes, send, sender_of
from tocsin.alerts.models import Alert, Occurrence
from tocsin.catalog.models import Source
from tocsin.incidents.models import Incident, TrialOutcome

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tried() -> Source:
    source, _ = make_source()
    source.trial = True
    source.save()
    return source


def outcomes() -> list[str]:
    return list(TrialOutcome.objects.order_by("id").values_list("would", flat=True))


def test_nothing_opens_and_what_would_have_is_written_down(tried: Source) -> None:
    send(sender_of(tried), alert(), alert("Slow"), alert("Odd", "web"), alert("Watchdog", ""))
    assert (Incident.objects.count(), Alert.objects.count()) == (0, 4)
    assert sorted(outcomes()) == ["ignore", "join", "open", "open"]


def test_later_firings_join_what_earlier_ones_would_have_opened(tried: Source) -> None:
    send(sender_of(tried), alert())
    send(sender_of(tried), alert("Slow"), at=minutes(2))
    first, second = TrialOutcome.objects.order_by("id")
    assert (second.would, second.within) == ("join", first)


def test_it_would_have_joined_an_incident_that_is_there(tried: Source) -> None:
    send(sender_of(), alert("Known"))
    send(sender_of(tried), alert())
    assert TrialOutcome.objects.get().incident == Incident.objects.get()
    assert Incident.objects.get().incident_occurrences.count() == 1


def test_what_still_fires_after_the_trial_opens_an_incident_with_its_next_report(tried: Source) -> None:
    send(sender_of(tried), alert())
    tried.trial = False
    send(sender_of(tried), alert(), at=minutes(2))
    assert Incident.objects.get().title == "Down: shop/cart"
    assert Occurrence.objects.get(ends_at=None).starts_at == minutes(2)


def test_a_trial_neither_ends_nor_renames_what_another_source_reports(tried: Source) -> None:
    send(sender_of(), alert())
    send(sender_of(tried), alert(severity="low"), at=minutes(1))
    send(sender_of(tried), alert(firing=False), at=minutes(2))
    told = Alert.objects.get()
    assert (told.firing, told.severity, told.reports) == (True, "", 1)
    assert Incident.objects.get().quiet_since is None
