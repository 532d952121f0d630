"""What a Prometheus measured of some namespaces, now and at a time when all was usual: a few bounded queries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from tocsin.ground.outbound import Outbound, OutboundError, outbound
from tocsin.investigation.collectors.promql import (
    Query,
    Series,
    entries,
    names_query,
    parse_names,
    parse_vector,
    queries,
)
from tocsin.investigation.collectors.reading import Reading

Parsed = TypeVar("Parsed")
MOST_BYTES = 4 * 1024 * 1024
_AT_ONCE = 4
# When it was usual: the same time yesterday, since load follows the day; an hour ago for what is younger than that.
_USUAL = (timedelta(days=1), timedelta(hours=1))


class _Refused(Exception):
    """It answered, and not with what was asked for."""


async def measure(url: str, namespaces: Sequence[str], reading: Reading, *, now: datetime, timeout_s: float) -> None:
    """Adds what the Prometheus at `url` tells of the namespaces to the reading's `metrics`; what fails is a gap there."""
    try:
        async with asyncio.timeout(timeout_s), outbound([url]) as door:
            await _Asking(door, url.rstrip("/"), reading, now).everything(namespaces)
    except TimeoutError:
        reading.add_gap("metrics", f"Prometheus: not asked in full within {timeout_s:g} s", "metrics")
    except (OutboundError, _Refused) as error:
        reading.add_gap("metrics", f"Prometheus: {error}", "metrics")


class _Asking:
    """One round of questions to one Prometheus."""

    def __init__(self, door: Outbound, url: str, reading: Reading, now: datetime) -> None:
        self._door = door
        self._url = url
        self._reading = reading
        self._now = now
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def everything(self, namespaces: Sequence[str]) -> None:
        """Asks what there is, then about that. Raises OutboundError, _Refused when it answers nothing at all."""
        asked = queries(namespaces)
        there = await self._get("label/__name__/values", {"match[]": names_query(asked)}, parse_names)
        await asyncio.gather(*(self._ask(query) for query in asked if query.needs in there))

    async def _ask(self, query: Query) -> None:
        try:
            now = await self._values(query, self._now)
            usual: Mapping[Series, float] = {}
            for before in _USUAL if now else ():
                usual = {**await self._values(query, self._now - before), **usual}
        except (OutboundError, _Refused) as error:
            self._reading.add_gap(f"metrics {query.name}", f"Prometheus: {error}", "metrics")
            return
        for entry in entries(query, now, usual):
            self._reading.add_entry("metrics", entry)

    async def _values(self, query: Query, at: datetime) -> dict[Series, float]:
        asked = {"query": query.expression, "time": f"{at.timestamp():.0f}"}
        return await self._get("query", asked, parse_vector)

    async def _get(self, path: str, params: Mapping[str, str], parse: Callable[[bytes], Parsed]) -> Parsed:
        async with self._turns:
            answer = await self._door.request("GET", f"{self._url}/api/v1/{path}", params=params, most_bytes=MOST_BYTES)
        if answer.status != 200:
            raise _Refused(f"{answer.status} from {self._url}")
        try:
            return parse(answer.body)
        except (msgspec.DecodeError, ValueError) as error:
            raise _Refused(f"{self._url} answers otherwise than a Prometheus ({error})") from error
