"""Each request passes through Django in one thread; what is streamed is streamed from the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils.deprecation import MiddlewareMixin

from tocsin.server.application import InOneThread

seen: list[int] = []


class Passing(MiddlewareMixin):
    """A middleware that looks at everything."""

    def process_request(self, request: HttpRequest) -> None:
        seen.append(threading.get_ident())

    def process_view(self, *of_the_view: object) -> None:
        seen.append(threading.get_ident())

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        seen.append(threading.get_ident())
        return response


def plain(request: HttpRequest) -> HttpResponse:
    seen.append(threading.get_ident())
    return HttpResponse("plain")


async def streamed(request: HttpRequest) -> StreamingHttpResponse:
    async def lines() -> AsyncIterator[bytes]:
        for number in range(2):
            yield f"{number} {threading.get_ident() == threading.main_thread().ident}\n".encode()

    return StreamingHttpResponse(lines())


urlpatterns = [path("plain", plain), path("streamed", streamed)]


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    """Two of one middleware around two views."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [f"{__name__}.Passing"] * 2
    seen.clear()


def body(address: str) -> bytes:
    """What is answered to a GET."""
    told: list[dict[str, Any]] = []
    came = [{"type": "http.request", "body": b""}]

    async def receive() -> dict[str, Any]:
        return came.pop() if came else await asyncio.Future()

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": address, "query_string": b"", "headers": []}
    asyncio.run(InOneThread()(scope, receive, send))
    assert told[0]["status"] == 200
    return b"".join(message.get("body", b"") for message in told[1:])


@pytest.mark.django_db(transaction=True)
def test_middlewares_and_view_run_in_one_thread_that_is_not_the_loops() -> None:
    assert body("/plain") == b"plain"
    assert len(seen) == 7
    assert len(set(seen)) == 1
    assert threading.main_thread().ident not in seen


@pytest.mark.django_db(transaction=True)
def test_what_an_asynchronous_view_streams_comes_from_the_loop() -> None:
    assert body("/streamed") == b"0 True\n1 True\n"
