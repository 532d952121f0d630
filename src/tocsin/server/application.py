"""Django as the web process runs it: each request passes through all of it in one thread, and comes back once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler


class InOneThread(ASGIHandler):
    """Django's own, but for one thing: nothing of ours before a view waits for anything but the database.

    Django's goes back to the event loop before and after each middleware that looks at the view, and before the view: half of the
    time of a small request. A view that is asynchronous (the live stream) still runs in the loop, as does what it streams.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Makes the chain of middlewares, each a plain function, and takes one step into a thread in front of it."""
        super().load_middleware(is_async=False)
        self._middleware_chain: Callable[..., Any] = sync_to_async(self._middleware_chain, thread_sensitive=True)
