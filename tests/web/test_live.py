"""Telling open pages what changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection

import psycopg
import pytest

from tocsin.web import live
from tocsin.web.live import Live
from tocsin.web.moments import Moments

CHANGED = b"event: changed\ndata: now\n\n"


async def opened(told: Live, incident: int | None) -> AsyncIterator[bytes]:
    page = told.events(incident)
    assert (await anext(page)).startswith(b"retry:")
    return page


async def hears(page: AsyncIterator[bytes]) -> bool:
    """Whether a page is told to look again before it is told that there is nothing to tell."""
    return await anext(page) == CHANGED


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 0.05)
    monkeypatch.setattr(live, "RECONNECT_S", 0.0)


def test_a_page_hears_of_its_own_incident_after_a_storm_about_others() -> None:
    async def story() -> bool:
        told = Live("")
        page = await opened(told, 7)
        for other in range(100, 200):
            told.tell([other])
        told.tell([7])
        return await hears(page)

    assert asyncio.run(story())


def test_a_page_hears_nothing_of_others() -> None:
    async def story() -> bool:
        told = Live("")
        page = await opened(told, 7)
        told.tell([8])
        return await hears(page)

    assert not asyncio.run(story())


def test_the_list_hears_of_all_and_looks_once_for_many() -> None:
    async def story() -> list[bool]:
        told = Live("")
        page = await opened(told, None)
        for other in range(100):
            told.tell([other])
        return [await hears(page), await hears(page)]

    assert asyncio.run(story()) == [True, False]


def test_when_anything_may_have_changed_every_page_looks() -> None:
    async def story() -> bool:
        told = Live("")
        page = await opened(told, 7)
        told.tell(None)
        return await hears(page)

    assert asyncio.run(story())


async def notified(url: str, payload: str, page: AsyncIterator[bytes]) -> bool:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("SELECT pg_notify('tocsin', %s)", [payload])
    return await hears(page)


async def listening(told: Live, page: AsyncIterator[bytes]) -> asyncio.Task[None]:
    task = asyncio.create_task(told.run())
    while not await hears(page):  # once it listens, every page is told to look
        assert not task.done()
    return task


def test_a_notification_that_makes_no_sense_makes_pages_look_and_does_not_deafen_them(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 5.0)

    async def story() -> list[bool]:
        told = Live(postgres_url)
        page = await opened(told, 7)
        task = await listening(told, page)
        heard = [
            await notified(postgres_url, "{not json", page),
            await notified(postgres_url, '{"incidents":[7]}', page),
        ]
        task.cancel()
        return heard

    assert asyncio.run(story()) == [True, True]


def test_listening_begins_anew_whatever_ended_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 5.0)
    told, failures = Live(postgres_url), iter([ValueError("of a kind nobody thought of")])
    listen = told._listen

    async def fail_once() -> None:
        for failure in failures:
            raise failure
        await listen()

    monkeypatch.setattr(told, "_listen", fail_once)

    async def story() -> None:
        task = await listening(told, await opened(told, None))
        task.cancel()

    asyncio.run(story())
    assert "of a kind nobody thought of" in caplog.text


def test_more_incidents_than_can_be_named_are_every_incident() -> None:
    assert live._understood('{"incidents":null}').incidents is None
    assert live._understood('{"incidents":[]}').incidents == []


def test_that_somebody_came_is_told_to_the_pages_of_that_incident_and_is_no_change() -> None:
    async def story() -> list[bytes]:
        told = Live("")
        pages = [await opened(told, asked) for asked in (7, 8, None)]
        told.tell_who_is_there(7)
        return [await anext(page) for page in pages]

    silent = b": still here\n\n"
    assert asyncio.run(story()) == [b"event: present\ndata: now\n\n", silent, silent]


def test_a_notification_of_presence_reaches_a_page(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 5.0)

    async def story() -> bytes:
        told = Live(postgres_url)
        page = await opened(told, 7)
        task = await listening(told, page)
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
            await connection.execute("SELECT pg_notify('tocsin', %s)", ['{"present": 7}'])
        heard = await anext(page)
        task.cancel()
        return heard

    assert asyncio.run(story()) == b"event: present\ndata: now\n\n"


def test_a_list_hears_only_of_what_its_reader_sees() -> None:
    async def sees_seven(incidents: Collection[int]) -> bool:
        return 7 in incidents

    async def story() -> list[bool]:
        told = Live("")
        page = told.events(None, sees_seven)
        assert (await anext(page)).startswith(b"retry:")
        heard = []
        for incidents in ([8], [8, 7], None, []):
            told.tell(incidents)
            heard.append(await anext(page) == CHANGED)
        return heard

    assert asyncio.run(story()) == [False, True, True, False]


@pytest.mark.parametrize(("incident", "apart"), [(7, "APART_S"), (None, "LISTS_APART_S")])
def test_of_very_many_pages_the_first_look_at_once_and_the_others_one_by_one(
    monkeypatch: pytest.MonkeyPatch, incident: int | None, apart: str
) -> None:
    monkeypatch.setattr(live, apart, 3600.0)

    async def story() -> int:
        told = Live("")
        pages = [await opened(told, incident) for _ in range(3 * live.AT_ONCE)]
        told.tell([7])
        looks = [asyncio.ensure_future(anext(page)) for page in pages]
        done, waiting = await asyncio.wait(looks, timeout=0.05)
        for look in waiting:
            look.cancel()
        return len(done)

    assert asyncio.run(story()) == live.AT_ONCE


def test_what_was_gathered_is_forgotten_before_pages_are_told_and_kept_only_while_it_listens(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 5.0)
    gathered = iter(range(9))
    moments = Moments(lambda incident, asked: next(gathered))

    async def story() -> list[int]:
        told = Live(postgres_url, moments)
        page = await opened(told, 7)
        task = await listening(told, page)
        found = [moments.of(7), moments.of(7)]
        assert await notified(postgres_url, '{"incidents":[7]}', page)
        found += [moments.of(7), moments.of(7)]
        task.cancel()
        await asyncio.wait([task])
        return [*found, moments.of(7)]

    assert asyncio.run(story()) == [0, 0, 1, 1, 2]


def test_every_page_hears_that_it_has_something_else_to_warn_of() -> None:
    async def story() -> list[bytes]:
        told = Live("")
        pages = [await opened(told, 7), await opened(told, None)]
        told.tell_of_watch()
        return [await anext(page) for page in pages]

    assert asyncio.run(story()) == [b"event: watched\ndata: now\n\n"] * 2
