"""Tasks whose end is the process's."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from tocsin.server.essential import essential


@pytest.fixture
def asked() -> Iterator[list[int]]:
    """The signals that this process got."""
    got: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: got.append(number))
    yield got
    signal.signal(signal.SIGTERM, before)


async def _fails() -> None:
    raise RuntimeError("broken")


def test_a_part_that_fails_asks_the_process_to_stop(asked: list[int]) -> None:
    async def run() -> None:
        await asyncio.wait([essential(asyncio.create_task(_fails()))])

    asyncio.run(run())
    assert asked == [signal.SIGTERM]


def test_one_that_is_cancelled_does_not(asked: list[int]) -> None:
    async def run() -> None:
        task = essential(asyncio.create_task(asyncio.sleep(60)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(run())
    assert asked == []
