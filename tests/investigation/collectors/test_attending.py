"""An agent's calls, against a server of this test's making."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.investigation.fake_kubernetes import FakeKubernetes, serving
from tocsin.investigation.collectors.attending import Refused, Server, Sight, attend

pytestmark = pytest.mark.anyio
WORK = {"id": 7, "alert": {"title": "down", "resource": {"kind": "Deployment", "namespace": "shop", "name": "cart"}}}


@dataclass
class Tocsin:
    """Hands out `work` pieces of work; `statuses` are what it answers to snapshots, the last one for ever."""

    work: int = 1
    statuses: list[int] = field(default_factory=lambda: [204])
    known: bool = True
    brought: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.tokens.add(request.headers["Authorization"])
        if not self.known:
            return web.Response(status=401)
        if request.method == "GET":
            if not self.work:
                await asyncio.sleep(60)
            self.work -= 1
            return web.json_response({**WORK, "timeout_s": 5})
        self.brought.append(json.loads(gzip.decompress(await request.read())))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status < 400:
            self.done.set()
        return web.Response(status=status)


@asynccontextmanager
async def listening(server: Tocsin) -> AsyncIterator[Tocsin]:
    app = web.Application(client_max_size=1 << 24)
    app.router.add_route("*", "/agent/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


async def attended(server: Tocsin, kubeconfig: str, folder: Path) -> None:
    """Lets an agent work until the server kept something."""
    (folder / "token").write_text("secret-token\n")
    async with listening(server):
        agent = asyncio.create_task(attend(Server(server.url, folder / "token"), Sight(kubeconfig)))
        ended = asyncio.create_task(server.done.wait())
        await asyncio.wait({agent, ended}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        for task in (agent, ended):
            task.cancel()
        await asyncio.gather(agent, ended, return_exceptions=True)
        if agent.done() and not agent.cancelled():
            agent.result()


async def test_an_agent_brings_what_it_saw(tmp_path: Path) -> None:
    pod = {"kind": "Pod", "metadata": {"name": "cart-1", "namespace": "shop", "uid": "u"}}
    server = Tocsin()
    async with serving([pod]) as fake:
        await attended(server, fake.kubeconfig(tmp_path), tmp_path)
    assert [found["metadata"]["name"] for found in server.brought[0]["objects"]] == ["cart-1"]
    assert server.tokens == {"Bearer secret-token"}


async def test_a_cluster_that_can_not_be_reached_is_brought_as_a_gap(tmp_path: Path) -> None:
    server = Tocsin()
    await attended(server, FakeKubernetes(url="http://127.0.0.1:1").kubeconfig(tmp_path), tmp_path)
    assert "can't connect" in server.brought[0]["gaps"][0]["why"]


async def test_a_server_that_is_down_for_a_moment_gets_it_again(tmp_path: Path) -> None:
    server = Tocsin(statuses=[503, 204])
    await attended(server, str(tmp_path / "no kubeconfig"), tmp_path)
    assert len(server.brought) == 2


async def test_of_what_is_too_large_the_server_learns_that_it_was(tmp_path: Path) -> None:
    server = Tocsin(statuses=[413, 204])
    await attended(server, str(tmp_path / "no kubeconfig"), tmp_path)
    assert "more than the server takes" in server.brought[1]["gaps"][0]["why"]


async def test_an_unknown_token_ends_it(tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup) as refusals:
        await attended(Tocsin(known=False), "", tmp_path)
    assert refusals.group_contains(Refused, match="does not know this token")
