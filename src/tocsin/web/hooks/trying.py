"""Trying a source: its example on the way that its signals take, marked as a test, so that nobody is called."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
from psycopg import AsyncConnection

from tocsin.alerts.arrival import Arrival
from tocsin.alerts.mapping import MAPPED, Reader, Rules, reader
from tocsin.alerts.models import Signal
from tocsin.alerts.parsed import Parsed
from tocsin.alerts.registration import example_of
from tocsin.catalog.models import Source, SourceMapping
from tocsin.ground.database import conninfo
from tocsin.web.hooks.database import LIMITS
from tocsin.web.hooks.kinds import load_kinds
from tocsin.web.hooks.senders import Registered
from tocsin.web.hooks.understanding import understand
from tocsin.workflows.ingest import Received, Sender, ingest

QUIET = timedelta(minutes=5)


class CanNotTry(Exception):
    """A source that can't be tried; the message says why."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The signal that was kept, and what was understood of it; or why it was not."""

    signal: int
    parsed: Parsed | None
    error: str


def try_source(source: Source, secret: str, now: datetime) -> Tried:
    """Sends a source's example through understanding and commit. Raises CanNotTry, and the database's errors."""
    if source.revoked_at is not None:
        raise CanNotTry("it is revoked: nothing of it is taken")
    body = _recorded(source) if source.kind == MAPPED else example_of(source.kind)
    if body is None:
        raise CanNotTry("nothing came yet that could be sent again" if source.kind == MAPPED else "there is no example")
    registered = Registered(_sender(source), reader=_reader(source))
    arrival = Arrival({}, "", {}, body)
    received = replace(understand(load_kinds()[source.kind], secret, registered, arrival, now), is_test=True)
    return Tried(asyncio.run(_commit(received)), received.parsed, received.error)


async def _commit(received: Received) -> int:
    async with await AsyncConnection.connect(conninfo(), autocommit=True, options=LIMITS) as connection:
        [signal] = await ingest(connection, [received], QUIET)
    return signal


def _sender(source: Source) -> Sender:
    place = source.environment
    return Sender(source.pk, source.kind, place.pk, place.kind, place.slug, source.name, source.trial)


def live_mapping(source: Source) -> SourceMapping | None:
    """The version of its rules that a mapped source is read by."""
    return SourceMapping.objects.filter(source=source, live_at__isnull=False).order_by("-live_at").first()


def _reader(source: Source) -> Reader | None:
    live = live_mapping(source) if source.kind == MAPPED else None
    return reader(msgspec.convert(live.rules, Rules)) if live else None


def _recorded(source: Source) -> bytes | None:
    """What came last, as it was kept: a mapped source's own example."""
    newest = Signal.objects.filter(source=source).exclude(body="").order_by("-id").values_list("body", flat=True)
    body = newest.first()
    return body.encode() if body else None
