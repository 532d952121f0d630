"""Whether Services take connections, seen from where this runs: connect, hang up at once, say how it went."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tocsin.investigation.collectors.kubernetes.outlines import ServiceOutline
from tocsin.investigation.collectors.reading import Reading

MOST_PROBES = 100
CONNECT_S = 2.0
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Target:
    """A port of a Service: `shown` is how it is called (`cart.shop.svc:80`), `host` where it listens."""

    namespace: str
    shown: str
    host: str
    port: int


def targets(services: Iterable[ServiceOutline], namespaces: Collection[str]) -> Iterator[Target]:
    """The TCP ports of the Services in some namespaces; those without an address of their own are asked by name."""
    for service in services:
        place, spec = service.metadata, service.spec
        if place.namespace not in namespaces or spec.type == "ExternalName":
            continue
        name = f"{place.name}.{place.namespace}.svc"
        host = spec.cluster_ip if spec.cluster_ip not in {"", "None"} else name
        for port in spec.ports or ():
            if port.protocol == "TCP":
                yield Target(place.namespace, f"{name}:{port.port}", host, port.port)


async def probe(wanted: Iterable[Target], guarded: Collection[str], reading: Reading) -> None:
    """Adds an entry of the section `probes` for each target, at most a hundred.

    A failure tells nothing where we may be kept out ourselves: in namespaces that are `guarded` by network policies, and
    when nothing at all can be reached. Then it is a gap.
    """
    turns = asyncio.Semaphore(_AT_ONCE)
    chosen = sorted(wanted, key=lambda target: target.shown)
    found = await asyncio.gather(*(_connect(target, turns) for target in chosen[:MOST_PROBES]))
    if found and not any(entry["succeeded"] for entry in found):
        reading.add_gap(
            "probes", "nothing can be reached from here; something may keep the agent from connecting", "probes"
        )
        return
    for target, entry in zip(chosen, found, strict=False):
        if entry["succeeded"] or target.namespace not in guarded:
            reading.add_entry("probes", entry)
        else:
            reading.add_gap(
                f"probe {target.shown}", "failed, perhaps by a network policy that keeps the agent out", "probes"
            )
    if len(chosen) > MOST_PROBES:
        reading.add_gap("probes", f"{len(chosen) - MOST_PROBES} more ports; only the first were tried", "probes")


async def _connect(target: Target, turns: asyncio.Semaphore) -> dict[str, Any]:
    entry: dict[str, Any] = {"target": target.shown, "source": socket.gethostname()}
    async with turns:
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(CONNECT_S):
                _, writer = await asyncio.open_connection(target.host, target.port)
        except TimeoutError:
            return {**entry, "succeeded": False, "output": f"no answer within {CONNECT_S:g} s"}
        except OSError as error:
            return {**entry, "succeeded": False, "output": error.strerror or str(error)}
        took_ms = (asyncio.get_running_loop().time() - began) * 1000
        writer.transport.abort()  # a handshake that is broken off leaves nothing waiting at the other end
    return {**entry, "succeeded": True, "output": "connected", "latency_ms": round(took_ms, 2)}
