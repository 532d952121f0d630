"""Functions that use Django's database, run in a thread, which gives its connection back to the pool afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def aside(do: Callable[[], T]) -> T:
    """What `do` gives, without holding the loop up. Raises what it raises."""

    def run() -> T:
        from django.db import connections

        try:
            return do()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)
