"""Bodies that come again, byte for byte: seen again, where the database confirms that everything still is as they say.

A memory of what was kept only suggests it; one look at the database decides. So it holds with several replicas, and after
a resolution, a split or a silence: what is no longer so goes the whole way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from tocsin.alerts.grouping import content, fingerprint
from tocsin.alerts.parsed import ParsedAlert
from tocsin.alerts.store import lock_environments
from tocsin.workflows.ingest import Received, Sender

Connection = AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a body said when it was kept as `signal`: its firing alerts, as JSON. `until`: from then on it says otherwise."""

    sender: Sender
    signal: int
    alerts: bytes
    until: datetime | None

    def holds(self, sender: Sender, now: datetime) -> bool:
        """Whether the same body of this sender still says the same."""
        return self.sender == sender and (self.until is None or self.until > now)


def said(received: Received, signal: int) -> Said | None:
    """What a body that was kept says; None for one whose repetition means something: an event, a resolution, a run."""
    parsed, sender = received.parsed, received.sender
    if parsed is None or not parsed.alerts or parsed.runs or parsed.rejected or sender.trial or received.is_test:
        return None
    if received.delivery or not all(_goes_on(alert) for alert in parsed.alerts):
        return None
    rows = [(fingerprint(sender.kind, one.identity), content(one), one.expires_at) for one in parsed.alerts]
    until = min((at for _, _, at in rows if at is not None), default=None)
    return Said(sender, signal, msgspec.json.encode(rows), until)


def _goes_on(alert: ParsedAlert) -> bool:
    return alert.firing and bool(alert.title) and not alert.is_event and not alert.acknowledged


# Each alert still fires, with the same content, no shorter than is said now, with effect, and in an incident that is not over.
CONFIRM = """
SELECT b.number FROM jsonb_to_recordset(%s::jsonb) AS b(number int, environment_id bigint, alerts jsonb)
CROSS JOIN LATERAL jsonb_array_elements(b.alerts) AS x
LEFT JOIN alerts_alert a ON a.environment_id = b.environment_id AND a.fingerprint = x->>0
    AND a.firing AND a.content = (x->>1)::bigint
    AND coalesce(a.expires_at, 'infinity') >= coalesce((x->>2)::timestamptz, 'infinity')
LEFT JOIN alerts_occurrence o ON o.alert_id = a.id AND o.ends_at IS NULL AND NOT o.is_trial
LEFT JOIN incidents_incidentoccurrence l ON l.occurrence_id = o.id AND l.left_at IS NULL
LEFT JOIN incidents_incident i ON i.id = l.incident_id
GROUP BY b.number HAVING bool_and(o.id IS NOT NULL AND i.resolved_at IS NULL AND i.closed_at IS NULL)
"""


async def confirmed(connection: Connection, bodies: Sequence[Said]) -> list[bool]:
    """For each body: whether all that it says is so, so that hearing it again changes nothing. Raises psycopg.Error."""
    rows = [
        {"number": number, "environment_id": one.sender.environment_id, "alerts": msgspec.Raw(one.alerts)}
        for number, one in enumerate(bodies)
    ]
    answer = await connection.execute(CONFIRM, [msgspec.json.encode(rows).decode()])
    found = {row[0] async for row in answer}
    return [number in found for number in range(len(bodies))]


SEEN_ALERTS = """
UPDATE alerts_alert a SET last_seen = greatest(a.last_seen, s.seen_at), reports = a.reports + s.times FROM (
    SELECT b.environment_id, x->>0 AS fingerprint, max(b.seen_at) AS seen_at, sum(b.times) AS times
    FROM jsonb_to_recordset(%s::jsonb) AS b(environment_id bigint, alerts jsonb, times int, seen_at timestamptz)
    CROSS JOIN LATERAL jsonb_array_elements(b.alerts) AS x GROUP BY 1, 2
) s WHERE a.environment_id = s.environment_id AND a.fingerprint = s.fingerprint
"""
SEEN_SIGNALS = """
INSERT INTO alerts_repeatedsignal AS r (signal_id, source_id, times, last_at)
SELECT signal, source, times, seen_at
FROM jsonb_to_recordset(%s::jsonb) AS b(signal bigint, source bigint, times int, seen_at timestamptz)
ON CONFLICT (signal_id) DO UPDATE SET times = r.times + EXCLUDED.times, last_at = greatest(r.last_at, EXCLUDED.last_at)
"""


async def write_down(connection: Connection, seen: Mapping[Said, tuple[int, datetime]]) -> None:
    """Adds how often bodies were seen again, and when last. Raises psycopg.Error; then nothing of it was written."""
    rows = [
        {
            "environment_id": one.sender.environment_id,
            "alerts": msgspec.Raw(one.alerts),
            "signal": one.signal,
            "source": one.sender.id,
            "times": times,
            "seen_at": last_at,
        }
        for one, (times, last_at) in seen.items()
    ]
    encoded = [msgspec.json.encode(rows).decode()]
    async with connection.transaction():
        await lock_environments(connection, {one.sender.environment_id for one in seen})
        await connection.execute(SEEN_ALERTS, encoded)
        await connection.execute(SEEN_SIGNALS, encoded)
