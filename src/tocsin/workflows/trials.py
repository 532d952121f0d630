"""Sources and silences in trial: nothing follows from them, and what would have followed is written down beside what did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tocsin.alerts import store as alert_store
from tocsin.alerts.silencing import Silence
from tocsin.incidents.batch import Open
from tocsin.incidents.matching import SAME_SUBJECT_WINDOW, Candidate, Firing, Ignored, Joins, match
from tocsin.incidents.models import TrialOutcome
from tocsin.incidents.relation import Traits
from tocsin.workflows.arriving import Arriving
from tocsin.workflows.board import Board
from tocsin.workflows.memory import Connection
from tocsin.workflows.surroundings import Surroundings

Would = TrialOutcome.Would
# What earlier firings of a source in trial would have opened: the newest, for later ones to join.
MOST_SHADOWS = 500
SHADOWS = """
SELECT o.id, coalesce(o.within_id, o.id), o.would, a.environment_id, o.alert_id, o.subject_key, o.traits, o.at
FROM incidents_trialoutcome o JOIN alerts_alert a ON a.id = o.alert_id
WHERE o.source_id = ANY(%s) AND o.at > %s AND o.incident_id IS NULL AND o.would IN ('open', 'join') ORDER BY o.id DESC LIMIT %s
"""
WRITE = """
INSERT INTO incidents_trialoutcome
    (id, source_id, silence_id, alert_id, at, would, incident_id, within_id, subject_key, traits, reason)
SELECT coalesce(id, nextval(pg_get_serial_sequence('incidents_trialoutcome', 'id'))), source_id, silence_id, alert_id, at, would,
    incident_id, within_id, subject_key, traits, reason
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, source_id bigint, silence_id bigint, alert_id bigint, at timestamptz,
    would text, incident_id bigint, within_id bigint, subject_key text, traits jsonb, reason text)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would have become of a firing; `within_id` is the outcome that would have opened its incident, where none is there."""

    alert_id: int
    at: datetime
    would: str
    reason: str
    id: int | None = None
    source_id: int | None = None
    silence_id: int | None = None
    incident_id: int | None = None
    within_id: int | None = None
    subject_key: str = ""
    traits: Mapping[str, list[str]] | None = None

    def row(self) -> dict[str, Any]:
        """As it is written."""
        return {name: getattr(self, name) for name in self.__slots__} | {"traits": self.traits or {}}


async def keep_holds(connection: Connection, held: list[tuple[Silence, int, int]], now: datetime) -> None:
    """Writes what silences in trial would have held: each a silence, an alert and its incident."""
    if held:
        outcomes = [
            Outcome(alert, now, Would.HOLD, one.reason, silence_id=one.id, incident_id=incident)
            for one, alert, incident in held
        ]
        await _write(connection, outcomes)


async def keep_outcomes(
    connection: Connection,
    arrived: list[Arriving],
    found: list[Open],
    around: Mapping[int, Surroundings],
    quiet_period: timedelta,
    now: datetime,
) -> None:
    """Writes what would have become of firings from sources in trial; `found` are the incidents that are there."""
    if not arrived:
        return
    ids = (await alert_store.new_ids(connection, incidents_trialoutcome=len(arrived)))["incidents_trialoutcome"]
    sources = sorted({one.began.alert.source_id for one in arrived})
    board = Board.of([*found, *await _shadows(connection, sources, now)])
    outcomes = [
        _outcome(board, id_, one, around[one.firing.environment_id], quiet_period, now)
        for id_, one in zip(ids, arrived, strict=True)
    ]
    await _write(connection, outcomes)


async def _write(connection: Connection, outcomes: list[Outcome]) -> None:
    await connection.execute(WRITE, [msgspec.json.encode([one.row() for one in outcomes]).decode()])


def _outcome(
    board: Board, id_: int, one: Arriving, around: Surroundings, quiet_period: timedelta, now: datetime
) -> Outcome:
    firing, context = one.firing, board.context(one.firing.environment_id, around)
    candidates = {c.id: c for c in (*board.direct(firing), *board.related(firing, context))}
    decision = match(firing, list(candidates.values()), now, quiet_period, context)
    common = Outcome(firing.alert_id, now, Would.IGNORE, decision.reason, id_, one.began.alert.source_id)
    if isinstance(decision, Ignored):
        return common
    if isinstance(decision, Joins):
        joined = decision.incident_id
        _join(board, firing, joined)
        if joined > 0:
            return replace(common, would=Would.JOIN, incident_id=joined)
        return replace(common, would=Would.JOIN, within_id=-joined)
    board.add(_shadow(id_, firing.environment_id, firing.subject_key, {firing.alert_id}, firing.traits, now))
    kept = {"keys": sorted(firing.traits.keys), "words": sorted(firing.traits.words)}
    return replace(common, would=Would.OPEN, subject_key=firing.subject_key, traits=kept)


def _join(board: Board, firing: Firing, incident: int) -> None:
    found = board.by_id[incident]
    found.firings[firing.alert_id] = found.firings.get(firing.alert_id, 0) + 1
    board.by_alert.setdefault(firing.alert_id, set()).add(incident)


def _shadow(id_: int, environment: int, key: str, alerts: set[int], traits: Traits, at: datetime) -> Open:
    """An incident that would be there; its negative id is that of the outcome that would have opened it."""
    firings = dict.fromkeys(alerts, 1)
    candidate = Candidate(
        -id_, environment, key, firings.keys(), True, False, at, None, timedelta(), traits=traits, opened_at=at
    )
    return Open(candidate, firings)


async def _shadows(connection: Connection, sources: list[int], now: datetime) -> list[Open]:
    """What these sources would have opened lately, with all alerts that would have joined it."""
    alerts: dict[int, set[int]] = defaultdict(set)
    last: dict[int, datetime] = {}
    opened = []
    parameters = [sources, now - SAME_SUBJECT_WINDOW, MOST_SHADOWS]
    async for id_, within, would, environment, alert, key, traits, at in await connection.execute(SHADOWS, parameters):
        alerts[within].add(alert)
        last[within] = max(at, last.get(within, at))
        if would == Would.OPEN:
            known = Traits(frozenset(traits.get("keys", ())), frozenset(traits.get("words", ())))
            opened.append((id_, environment, key, known))
    return [_shadow(id_, where, key, alerts[id_], known, last[id_]) for id_, where, key, known in opened]
