"""Bodies that come again: seen again only where the database says that all is as they say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from tests.factories import NOW
from tests.workflows.sending import QUIET, alert, minutes, sender_of
from tocsin.alerts.models import Alert, Occurrence, RepeatedSignal
from tocsin.alerts.parsed import Parsed, ParsedAlert
from tocsin.ground.database import conninfo
from tocsin.incidents.models import Incident
from tocsin.workflows.ingest import Received, Sender, ingest
from tocsin.workflows.repeating import Said, confirmed, said, write_down

pytestmark = pytest.mark.django_db(transaction=True)


def keep(sender: Sender, *alerts: ParsedAlert) -> Said | None:
    """A body with these alerts, committed; what is remembered of it."""
    received = Received(sender, NOW, "{}", Parsed(alerts))

    async def commit() -> int:
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
            [signal] = await ingest(connection, [received], QUIET)
        return signal

    return said(received, asyncio.run(commit()))


def is_so(*bodies: Said | None) -> list[bool]:
    async def ask() -> list[bool]:
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
            return await confirmed(connection, [body for body in bodies if body is not None])

    return asyncio.run(ask())


def test_what_was_kept_and_still_fires_is_confirmed_body_by_body() -> None:
    sender = sender_of()
    both = keep(sender, alert("Down"), alert("Slow"))
    assert both is not None
    never_kept = replace(both, alerts=both.alerts.replace(b'"v1:', b'"v0:'))
    assert is_so(both, never_kept) == [True, False]


@pytest.mark.parametrize(
    "becomes_untrue",
    [
        lambda: Alert.objects.update(firing=False),
        lambda: Occurrence.objects.update(ends_at=NOW),
        lambda: Occurrence.objects.update(is_trial=True),
        lambda: Incident.objects.update(resolved_at=NOW),
        lambda: Incident.objects.update(closed_at=NOW),
        lambda: Alert.objects.update(content=1),
    ],
    ids=["not firing", "ended", "in trial", "resolved", "closed", "said otherwise since"],
)
def test_what_is_no_longer_so_goes_the_whole_way(becomes_untrue: Callable[[], int]) -> None:
    kept = keep(sender_of(), alert("Down"))
    assert becomes_untrue() == 1
    assert is_so(kept) == [False]


def test_another_body_about_the_same_alert_makes_the_first_one_news_again() -> None:
    sender = sender_of()
    first = keep(sender, alert("Down", description="slow"))
    second = keep(sender, alert("Down", description="slower"))
    assert is_so(first, second) == [False, True]


def test_what_is_only_put_off_changes_no_content() -> None:
    sender = sender_of()
    first = keep(sender, alert("Down", expires_at=minutes(5)))
    second = keep(sender, alert("Down", expires_at=minutes(6)))
    assert is_so(first, second) == [True, True]
    keep(sender, alert("Down", expires_at=minutes(4)))
    assert is_so(first) == [False]


@pytest.mark.parametrize(
    "means_something",
    [alert(firing=False), alert(is_event=True), alert(acknowledged=True)],
    ids=["resolved", "event", "acknowledged"],
)
def test_what_means_something_each_time_is_not_remembered(means_something: ParsedAlert) -> None:
    assert keep(sender_of(), alert("Slow"), means_something) is None


def test_a_trial_is_not_remembered_nor_a_body_without_alerts() -> None:
    sender = sender_of()
    assert keep(replace(sender, trial=True), alert()) is None
    assert keep(sender) is None


def test_a_body_says_otherwise_once_a_firing_of_it_is_over_or_its_source_is_another() -> None:
    sender = sender_of()
    kept = keep(sender, alert("Down", expires_at=minutes(5)), alert("Slow"))
    assert kept is not None
    assert kept.holds(sender, minutes(4))
    assert not kept.holds(sender, minutes(5))
    assert not kept.holds(replace(sender, trial=True), minutes(4))


def test_what_was_seen_again_is_written_down_with_its_alerts() -> None:
    kept = keep(sender_of(), alert("Down"), alert("Slow"))
    assert kept is not None

    async def twice() -> None:
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
            await write_down(connection, {kept: (3, minutes(2))})
            await write_down(connection, {kept: (1, minutes(1))})

    asyncio.run(twice())
    assert set(Alert.objects.values_list("reports", "last_seen")) == {(5, minutes(2))}
    assert RepeatedSignal.objects.get().times == 4
    assert RepeatedSignal.objects.get().last_at - NOW == timedelta(minutes=2)
