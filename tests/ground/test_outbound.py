"""The one door out, against servers on this machine: which stand for everything that must not be reached."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tocsin.ground.outbound import Outbound, OutboundError, is_public, origin, outbound

pytestmark = pytest.mark.anyio
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def serving(answer: Answering) -> AsyncIterator[str]:
    """The address of a server on this machine."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def hello(request: web.Request) -> web.StreamResponse:
    return web.Response(text=f"hello {request.headers.get('Authorization', 'stranger')}")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:a00:1::", False),
        ("not an address", False),
    ],
)
def test_what_anybody_can_reach_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("url", ["ftp://x", "x", "http://", "http://user:word@x/", "http://["])
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(OutboundError):
        origin(url)


async def test_a_trusted_origin_may_lie_inside() -> None:
    async with serving(hello) as url, outbound([url]) as door:
        assert (await door.request("GET", f"{url}/x")).body == b"hello stranger"


async def test_an_address_inside_is_refused_before_anything_is_sent() -> None:
    async with serving(hello) as url, outbound() as door:
        with pytest.raises(OutboundError, match="an address inside, which is refused"):
            await door.request("GET", url)


async def test_a_name_that_leads_inside_is_refused_for_good() -> None:
    async with serving(hello) as url, outbound() as door:
        with pytest.raises(OutboundError, match="localhost leads to an address inside") as refusal:
            await door.request("GET", url.replace("127.0.0.1", "localhost"))
        assert not refusal.value.is_temporary


async def test_another_port_of_a_trusted_host_is_not_trusted() -> None:
    async with serving(hello) as url, outbound(["http://localhost:1"]) as door:
        with pytest.raises(OutboundError, match="which is refused"):
            await door.request("GET", url.replace("127.0.0.1", "localhost"))


async def test_a_redirect_inside_is_refused() -> None:
    async def away(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data")

    async with serving(away) as url, outbound([url]) as door:
        with pytest.raises(OutboundError, match=r"169\.254\.169\.254 is an address inside"):
            await door.request("GET", url)


async def test_credentials_do_not_follow_a_redirect_to_another_origin() -> None:
    async with serving(hello) as second:

        async def away(request: web.Request) -> web.StreamResponse:
            raise web.HTTPFound(second)

        async with serving(away) as first, outbound([first, second]) as door:
            answer = await door.request("GET", first, headers={"Authorization": "Bearer x"})
    assert answer.body == b"hello stranger"


async def test_a_circle_of_redirects_ends() -> None:
    async def again(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(str(request.url))

    async with serving(again) as url, outbound([url]) as door:
        with pytest.raises(OutboundError, match="redirects again and again"):
            await door.request("GET", url)


async def test_where_none_is_followed_a_redirect_is_the_answer() -> None:
    async def away(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("https://elsewhere.example/")

    async with serving(away) as url, outbound([url]) as door:
        assert (await door.request("GET", url, most_redirects=0)).status == 302


async def test_an_answer_that_is_too_large_is_refused() -> None:
    async with serving(hello) as url, outbound([url]) as door:
        with pytest.raises(OutboundError, match="larger than"):
            await door.request("GET", url, most_bytes=3)


async def test_no_answer_in_time_and_nobody_there_are_temporary() -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    async def hangs_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def why(door: Outbound, url: str, *, is_in_doubt: bool) -> str:
        with pytest.raises(OutboundError) as refusal:
            await door.request("GET", url, timeout_s=0.1)
        assert (refusal.value.is_temporary, refusal.value.is_in_doubt) == (True, is_in_doubt)
        return str(refusal.value)

    async with serving(slow) as url, outbound([url, "http://127.0.0.1:1"]) as door:
        assert "did not answer within 0.1 s" in await why(door, url, is_in_doubt=True)
        assert "can't connect to 127.0.0.1" in await why(door, "http://127.0.0.1:1", is_in_doubt=False)
    async with serving(hangs_up) as url, outbound([url]) as door:
        assert "broke off" in await why(door, url, is_in_doubt=True)


@pytest.mark.parametrize(
    "url", ["http://a..example.org/", f"http://{'a' * 64}.example.org/", "http://example.org:99999/"]
)
async def test_an_address_that_makes_no_sense_is_refused_in_words(url: str) -> None:
    async with outbound() as door:
        with pytest.raises(OutboundError, match="makes no sense"):
            await door.request("GET", url)


async def test_a_redirect_to_nowhere_is_refused_in_words() -> None:
    async def away(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://[broken"})

    async with serving(away) as url, outbound([url]) as door:
        with pytest.raises(OutboundError, match="makes no sense"):
            await door.request("GET", url)
