"""Sends bodies through the real transaction of ingest, for tests."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import psycopg

from tests.factories import NOW, make_source
from tocsin.alerts.parsed import Parsed, ParsedAlert
from tocsin.catalog.models import Source
from tocsin.ground.database import conninfo
from tocsin.workflows.ingest import Received, Sender, ingest

QUIET = timedelta(minutes=5)


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def sender_of(source: Source | None = None) -> Sender:
    source = source or make_source()[0]
    return Sender(
        source.pk, source.kind, source.environment_id, source.environment.kind, name=source.name, trial=source.trial
    )


def send(sender: Sender, *alerts: ParsedAlert, at: datetime = NOW) -> None:
    """One body with these alerts, committed."""

    async def commit() -> None:
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
            await ingest(connection, [Received(sender, at, "{}", Parsed(alerts))], QUIET)

    asyncio.run(commit())


def alert(name: str = "Down", workload: str = "cart", firing: bool = True, **more: Any) -> ParsedAlert:
    """An alert about a deployment of namespace shop; labels beside those go into `labels`."""
    labels = {"namespace": "shop", "deployment": workload} | more.pop("labels", {})
    return ParsedAlert(f"{name}-{workload}", name, firing, labels=labels, **more)
