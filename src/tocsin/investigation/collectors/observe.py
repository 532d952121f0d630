"""One look at the world for an alert: from wherever the environment's cluster can be read, into snapshot bytes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tocsin.investigation.collectors.bundle import BundleError, load_bundle
from tocsin.investigation.collectors.reading import nothing


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cluster can be read. `kind` is kubeconfig, in-cluster or snapshot; `path` and `context` may be empty.

    `secret_metadata` asks for the names of Secrets too; `prometheus` is the address of one that watches the cluster.
    """

    kind: str
    path: str
    context: str
    name: str
    secret_metadata: bool = False
    prometheus: str = ""


def observe(place: Place, alert: dict[str, Any], *, now: datetime, timeout_s: float, key: bytes) -> bytes:
    """A redacted `tocsin-snapshot/1` document. What could not be read is a gap in it; an unreachable cluster is one too."""
    if place.kind == "snapshot":
        try:
            return load_bundle(Path(place.path), alert=alert, key=key)
        except BundleError as error:
            return nothing(alert, now, str(error), key)
    return asyncio.run(_live(place, alert, now, timeout_s, key))


async def _live(place: Place, alert: dict[str, Any], now: datetime, timeout_s: float, key: bytes) -> bytes:
    # imported here: aiohttp costs a quarter of a second that offline use need not pay
    from tocsin.investigation.collectors.kubernetes.client import ClusterUnreachable, connect
    from tocsin.investigation.collectors.kubernetes.collect import Also, collect

    try:
        async with connect(place.path or None, place.context or None, in_cluster=place.kind == "in-cluster") as client:
            also = Also(place.secret_metadata, place.prometheus)
            return await collect(client, alert, now=now, timeout_s=timeout_s, key=key, also=also)
    except ClusterUnreachable as error:
        return nothing(alert, now, str(error), key)
