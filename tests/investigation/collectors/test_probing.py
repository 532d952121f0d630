import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from tests.investigation.collectors.conftest import KEY
from tocsin.investigation.collectors import probing
from tocsin.investigation.collectors.kubernetes.outlines import ServiceOutline
from tocsin.investigation.collectors.probing import Target, probe, targets
from tocsin.investigation.collectors.reading import Reading

pytestmark = pytest.mark.anyio
NOBODY = Target("shop", "db.shop.svc:5432", "127.0.0.1", 1)


def service(name: str, namespace: str = "shop", **spec: object) -> ServiceOutline:
    return msgspec.convert({"metadata": {"name": name, "namespace": namespace}, "spec": spec}, ServiceOutline)


@asynccontextmanager
async def listening() -> AsyncIterator[Target]:
    """A Service that takes connections."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        yield Target("shop", "cart.shop.svc:80", "127.0.0.1", server.sockets[0].getsockname()[1])


async def probed(*wanted: Target, guarded: tuple[str, ...] = ()) -> tuple[dict[str, bool], list[str]]:
    """What was reached, and the gaps."""
    reading = Reading(KEY)
    await probe(wanted, guarded, reading)
    entries = [msgspec.json.decode(raw) for raw in reading.entries.get("probes", ())]
    return {entry["target"]: entry["succeeded"] for entry in entries}, [gap["what"] for gap in reading.gaps]


def test_ports_that_speak_tcp_are_tried_where_they_listen() -> None:
    cart = service("cart", clusterIP="10.0.0.7", ports=[{"port": 80}, {"port": 53, "protocol": "UDP"}])
    headless = service("db", clusterIP="None", ports=[{"port": 5432, "protocol": "TCP"}])
    others = [service("x", "elsewhere", ports=[{"port": 1}]), service("y", type="ExternalName", ports=[{"port": 1}])]
    assert list(targets([cart, headless, *others], {"shop"})) == [
        Target("shop", "cart.shop.svc:80", "10.0.0.7", 80),
        Target("shop", "db.shop.svc:5432", "db.shop.svc", 5432),
    ]


async def test_what_answers_and_what_does_not_is_told() -> None:
    async with listening() as cart:
        assert await probed(cart, NOBODY) == ({"cart.shop.svc:80": True, "db.shop.svc:5432": False}, [])


async def test_a_failure_behind_a_network_policy_proves_nothing() -> None:
    async with listening() as cart:
        found = await probed(cart, NOBODY, guarded=("shop",))
    assert found == ({"cart.shop.svc:80": True}, ["probe db.shop.svc:5432"])


async def test_nothing_at_all_within_reach_proves_nothing() -> None:
    assert await probed(NOBODY) == ({}, ["probes"])


async def test_of_many_ports_the_first_are_tried_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "MOST_PROBES", 1)
    async with listening() as cart:
        assert await probed(cart, NOBODY) == ({"cart.shop.svc:80": True}, ["probes"])
