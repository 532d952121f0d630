"""Natural group commit, without a database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tocsin.web.group_commit import GroupCommit, Overloaded


class Refused(Exception):
    """The data's fault."""


def run(commit: Callable[[list[int]], Awaitable[list[int]]], items: list[int], **limits: int) -> list[object]:
    """Submits all items at once; what each of them got."""

    async def story() -> list[object]:
        group = GroupCommit(
            commit, weigh=lambda _: 1, may_be_the_items=lambda error: isinstance(error, Refused), **limits
        )
        submitted = [asyncio.create_task(group.submit(item)) for item in items]
        await asyncio.sleep(0)
        writer = asyncio.create_task(group.run())
        results = await asyncio.gather(*submitted, return_exceptions=True)
        writer.cancel()
        return list(results)

    return asyncio.run(story())


def test_what_waits_together_is_committed_together_in_order() -> None:
    batches: list[list[int]] = []

    async def commit(batch: list[int]) -> list[int]:
        batches.append(batch)
        return [item * 10 for item in batch]

    assert run(commit, [1, 2, 3]) == [10, 20, 30]
    assert batches == [[1, 2, 3]]


def test_a_heavy_crowd_is_split() -> None:
    sizes: list[int] = []

    async def commit(batch: list[int]) -> list[int]:
        sizes.append(len(batch))
        return batch

    run(commit, list(range(10)), heaviest_batch=4)
    assert sizes == [4, 4, 2]


def test_one_bad_item_spoils_no_other() -> None:
    async def commit(batch: list[int]) -> list[int]:
        if 2 in batch:
            raise Refused
        return batch

    first, second, third = run(commit, [1, 2, 3])
    assert (first, type(second), third) == (1, Refused, 3)


def test_when_the_database_is_away_everybody_is_told_once() -> None:
    calls = 0

    async def commit(batch: list[int]) -> list[int]:
        nonlocal calls
        calls += 1
        raise ConnectionError

    assert [type(result) for result in run(commit, [1, 2])] == [ConnectionError, ConnectionError]
    assert calls == 1


def test_too_many_waiting_are_turned_away() -> None:
    async def commit(batch: list[int]) -> list[int]:
        return batch

    results = run(commit, [1, 2, 3], most_waiting=2)
    assert [type(result) for result in results] == [int, int, Overloaded]


@pytest.mark.parametrize("count", [1, 100])
def test_each_item_gets_its_own_result(count: int) -> None:
    async def commit(batch: list[int]) -> list[int]:
        return [-item for item in batch]

    assert run(commit, list(range(count)), heaviest_batch=7) == [-item for item in range(count)]


def test_a_writer_that_fails_leaves_nobody_waiting() -> None:
    async def commit(batch: list[int]) -> list[int]:
        return [*batch, 0]  # one result too many: a mistake of ours

    async def story() -> list[object]:
        group = GroupCommit(commit, weigh=lambda _: 1, may_be_the_items=lambda _: False)
        submitted = [asyncio.create_task(group.submit(item)) for item in (1, 2)]
        await asyncio.sleep(0)
        with pytest.raises(ValueError, match="zip"):
            await group.run()
        return list(await asyncio.gather(*submitted, group.submit(3), return_exceptions=True))

    assert [type(told) for told in asyncio.run(story())] == [int, int, Overloaded]
