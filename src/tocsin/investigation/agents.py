"""Looks that an agent inside a cluster takes for us: asked for in a table, answered over HTTP, waited for here.

The agent calls out and asks for work, so that we need neither a way into the cluster nor its credentials. A request is
taken by one agent at a time and answered once; whatever becomes of agents and workers, the row says how far it got.
"""

from __future__ import annotations

import gzip
import time
import zlib
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.timesince import timesince
from psycopg import AsyncConnection

from tocsin.catalog.models import Cluster
from tocsin.investigation.collectors.reading import FORMAT, nothing, redacted_snapshot
from tocsin.investigation.models import AgentRequest, Investigation

Connection = AsyncConnection[tuple[Any, ...]]
MOST_UNPACKED = 64 * 1024 * 1024
# One that looks takes at most its time limit; a second agent gets the rest when the first one died of it.
_PATIENCE = 1.5
# An agent asks for work all the time. One that has not for this long is away, and then is not waited for as long.
_AWAY = timedelta(seconds=60)
_FOR_THE_AWAY_S = 10.0
_GLANCE_S = 0.25

SEEN = """
UPDATE catalog_cluster SET agent_seen_at = now()
WHERE id = %s AND (agent_seen_at IS NULL OR agent_seen_at < now() - interval '10 seconds')
"""
TAKE = """
UPDATE investigation_agentrequest r SET taken_until = now() + r.timeout_s * interval '1 second'
WHERE r.id = (
    SELECT id FROM investigation_agentrequest
    WHERE cluster_id = %s AND answered_at IS NULL AND deadline > now() AND (taken_until IS NULL OR taken_until < now())
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING r.id, r.alert, least(r.timeout_s, extract(epoch FROM r.deadline - now()))::float
"""
ANSWER = """
UPDATE investigation_agentrequest SET content = %(content)s, answered_at = now()
WHERE id = %(id)s AND cluster_id = %(cluster)s AND answered_at IS NULL AND deadline > now()
"""
ANSWERED = "SELECT 1 FROM investigation_agentrequest WHERE id = %s AND cluster_id = %s AND answered_at IS NOT NULL"


class BadSnapshot(ValueError):
    """What an agent sent is no snapshot; the message is one line."""


class Work(msgspec.Struct):
    """What an agent is asked for: a look about an alert, within so many seconds. As JSON on the wire."""

    id: int
    alert: dict[str, Any]
    timeout_s: float


async def take(connection: Connection, cluster: int) -> Work | None:
    """The oldest look that waits for an agent of this cluster, now taken; None where there is none."""
    await connection.execute(SEEN, [cluster])
    row = await (await connection.execute(TAKE, [cluster])).fetchone()
    return Work(*row) if row else None


async def answer(connection: Connection, cluster: int, request: int, content: bytes) -> bool:
    """Keeps what an agent sent, gzipped; False where nobody waits for it any more. The same answer again changes nothing."""
    values = {"content": content, "id": request, "cluster": cluster}
    if (await connection.execute(ANSWER, values)).rowcount:
        return True
    return await (await connection.execute(ANSWERED, [request, cluster])).fetchone() is not None


def received(body: bytes, key: bytes) -> bytes:
    """A gzipped snapshot as an agent sends it, redacted under our own key and gzipped again. Raises BadSnapshot."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(body, MOST_UNPACKED)
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise BadSnapshot(f"cut off, or more than {MOST_UNPACKED >> 20} MiB unpacked")
        document = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        if msgspec.json.decode(document.get("format", b"null")) != FORMAT:
            raise BadSnapshot(f"its format is not {FORMAT}; agent and server must be of one version")
        return gzip.compress(redacted_snapshot(document, key), 6)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadSnapshot(f"not gzipped JSON: {error}") from error


def look(investigation: Investigation, cluster: Cluster, alert: dict[str, Any], *, timeout_s: int, key: bytes) -> bytes:
    """What the cluster's agent read, as a snapshot; one that says why, when no agent answers in time.

    May be called again, by another worker: the request is made once, and its answer waits.
    """
    now = timezone.now()
    is_away = cluster.agent_seen_at is None or now - cluster.agent_seen_at > _AWAY
    patience = timedelta(seconds=_FOR_THE_AWAY_S if is_away else timeout_s * _PATIENCE)
    values = {"cluster": cluster, "alert": alert, "timeout_s": timeout_s, "asked_at": now, "deadline": now + patience}
    request, _ = AgentRequest.objects.get_or_create(investigation=investigation, defaults=values)
    while request.content is None and timezone.now() < request.deadline:
        time.sleep(_GLANCE_S)
        request.refresh_from_db()
    if request.content is not None:
        return gzip.decompress(request.content)
    cluster.refresh_from_db()
    return nothing(alert, timezone.now(), _silence(cluster, request, timezone.now()), key)


def _silence(cluster: Cluster, request: AgentRequest, now: datetime) -> str:
    waited = (request.deadline - request.asked_at).total_seconds()
    seen = f"it last called {timesince(cluster.agent_seen_at, now)} ago" if cluster.agent_seen_at else "it never called"
    return f"the agent of {cluster} did not answer within {waited:g} s; {seen}. See that `tocsin agent` runs there"
