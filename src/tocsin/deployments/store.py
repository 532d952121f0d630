"""Deployments in the database, a batch at a time. A run that is known already changes nothing."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from tocsin.alerts.runs import ReportedRun
from tocsin.deployments.drift import Noise
from tocsin.deployments.record import Record

Connection = AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """One run of one signal, and what is kept of it where its sender sent it."""

    environment_id: int
    source_id: int
    source_kind: str
    signal_id: int
    received_at: datetime
    run: ReportedRun
    record: Record | None = None

    @property
    def key(self) -> tuple[int, str]:
        """What makes it the same run when it is sent again."""
        return self.source_id, self.run.run

    @property
    def ended_at(self) -> datetime:
        """When it ended, as far as is known."""
        return self.run.finished_at or self.received_at


KNOWN = """
SELECT d.source_id, d.run FROM jsonb_to_recordset(%s::jsonb) AS x(source_id bigint, run text)
JOIN deployments_deployment d ON d.source_id = x.source_id AND d.run = x.run
"""
# A configuration that was applied after a run failed, as one hears when the news of the failure comes late.
OVERTAKEN = """
SELECT x.source_id, x.run FROM jsonb_to_recordset(%s::jsonb)
AS x(source_id bigint, run text, environment_id bigint, configuration text, workspace text, ended_at timestamptz)
WHERE EXISTS (
    SELECT FROM deployments_deployment d WHERE d.environment_id = x.environment_id AND d.configuration = x.configuration
    AND d.workspace = x.workspace AND d.outcome = 'succeeded' AND d.command IN ('apply', 'destroy', 'deploy')
    AND d.started_at >= x.ended_at
)
"""


def _rows(rows: list[dict[str, Any]]) -> list[str]:
    return [msgspec.json.encode(rows).decode()]


async def fresh(connection: Connection, arrived: list[Arrived]) -> list[Arrived]:
    """Those that are not known yet, each once."""
    if not arrived:
        return []
    wanted = [{"source_id": a.source_id, "run": a.run.run} for a in arrived]
    known = {(row[0], row[1]) async for row in await connection.execute(KNOWN, _rows(wanted))}
    first: dict[tuple[int, str], Arrived] = {}
    for one in arrived:
        if one.key not in known:
            first.setdefault(one.key, one)
    return list(first.values())


async def overtaken(connection: Connection, arrived: list[Arrived]) -> set[tuple[int, str]]:
    """The keys of those whose configuration was applied since, so that they call nobody any more."""
    if not arrived:
        return set()
    wanted = [
        {
            "source_id": a.source_id,
            "run": a.run.run,
            "environment_id": a.environment_id,
            "configuration": a.run.configuration,
            "workspace": a.run.workspace,
            "ended_at": a.ended_at,
        }
        for a in arrived
    ]
    return {(row[0], row[1]) async for row in await connection.execute(OVERTAKEN, _rows(wanted))}


NOISE = "SELECT address, attribute, why FROM deployments_driftnoise WHERE environment_id IS NULL OR environment_id = %s"


async def noise_of(connection: Connection, environment_id: int) -> list[Noise]:
    """The noise list of an environment, with that of all."""
    return [Noise(*row) async for row in await connection.execute(NOISE, [environment_id])]


WRITE = """
INSERT INTO deployments_deployment (id, environment_id, source_id, signal_id, run, tool, command, configuration, workspace,
    outcome, trigger, reason, exit_code, started_at, finished_at, received_at, actor, repository, commit, url, counts, cost,
    policies, drift, rollback)
SELECT id, environment_id, source_id, signal_id, run, tool, command, configuration, workspace, outcome, trigger, reason,
    exit_code, started_at, finished_at, received_at, actor, repository, commit, url, counts, cost, policies, drift, rollback
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, environment_id bigint, source_id bigint, signal_id bigint, run text,
    tool text, command text, configuration text, workspace text, outcome text, trigger text, reason text, exit_code int,
    started_at timestamptz, finished_at timestamptz, received_at timestamptz, actor text, repository text, commit text,
    url text, counts jsonb, cost jsonb, policies jsonb, drift jsonb, rollback text)
"""
WRITE_RECORDS = """
INSERT INTO deployments_deploymentrecord (deployment_id, section, log, lines)
SELECT deployment_id, decode(section, 'base64'), decode(log, 'base64'), lines
FROM jsonb_to_recordset(%s::jsonb) AS x(deployment_id bigint, section text, log text, lines int)
"""


async def write(connection: Connection, arrived: list[tuple[int, Arrived]]) -> None:
    """Keeps runs under these ids."""
    if not arrived:
        return
    await connection.execute(WRITE, _rows([_row(id_, one) for id_, one in arrived]))
    records = [
        {
            "deployment_id": id_,
            "section": base64.b64encode(one.record.section).decode(),
            "log": base64.b64encode(one.record.log).decode(),
            "lines": one.record.lines,
        }
        for id_, one in arrived
        if one.record is not None
    ]
    if records:
        await connection.execute(WRITE_RECORDS, _rows(records))


def _row(id_: int, arrived: Arrived) -> dict[str, Any]:
    run, record = arrived.run, arrived.record
    told = {name: getattr(run, name) for name in run.__struct_fields__ if name != "environment"}
    kept = {
        "counts": record.counts if record else None,
        "cost": record.cost if record else None,
        "policies": record.policies if record else [],
        "drift": record.drift if record else [],
        "rollback": record.rollback if record else "",
    }
    of = {"id": id_, "environment_id": arrived.environment_id, "source_id": arrived.source_id}
    came = {"signal_id": arrived.signal_id, "received_at": arrived.received_at, "trigger": run.trigger or ""}
    return told | kept | of | came
