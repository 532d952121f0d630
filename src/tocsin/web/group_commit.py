"""Natural group commit: whatever arrives while one batch commits is the next batch. No fixed wait, one writer.

A batch that the database refuses is tried again item by item, so that one bad item spoils no other.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Overloaded(Exception):
    """More is waiting than is taken on; the sender should come again."""


class GroupCommit(Generic[Item, Result]):
    """Commits what is submitted to it, in order, as many at a time as have gathered."""

    def __init__(
        self,
        commit: Callable[[list[Item]], Awaitable[list[Result]]],
        *,
        weigh: Callable[[Item], int],
        may_be_the_items: Callable[[Exception], bool],
        heaviest_batch: int = 4000,
        most_waiting: int = 2000,
    ) -> None:
        """`commit` takes a batch and returns one result an item. Errors that may be an item's fault are found item by item."""
        self._commit, self._weigh, self._may_be_the_items = commit, weigh, may_be_the_items
        self._heaviest_batch, self._most_waiting = heaviest_batch, most_waiting
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._arrived = asyncio.Event()
        self._has_ended = False

    async def submit(self, item: Item) -> Result:
        """The result of `item` once it is committed. Raises Overloaded, or what its commit raised."""
        if self._has_ended or len(self._waiting) >= self._most_waiting:
            raise Overloaded
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._arrived.set()
        return await future

    async def run(self) -> None:
        """The one writer; runs until cancelled, and then tells whoever still waits, and whoever comes later."""
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        try:
            while True:
                await self._arrived.wait()
                batch = self._next_batch()
                await self._settle(batch)
        finally:
            self._has_ended = True
            _fail([*batch, *self._waiting], Overloaded())

    def _next_batch(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        batch, weight = [], 0
        while self._waiting and weight < self._heaviest_batch:
            weight += self._weigh(self._waiting[0][0])
            batch.append(self._waiting.popleft())
        if not self._waiting:
            self._arrived.clear()
        return batch

    async def _settle(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._commit([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001  # the outermost loop: whoever waits is told, and the writer goes on
            if len(batch) == 1 or not self._may_be_the_items(error):
                _fail(batch, error)
                return
            for single in batch:
                await self._settle([single])
        except asyncio.CancelledError:
            _fail(batch, Overloaded())
            raise
        else:
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():  # the sender may have gone
                    future.set_result(result)


def _fail(batch: list[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
