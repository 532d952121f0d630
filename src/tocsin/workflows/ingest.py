"""A signal comes in: one transaction keeps it, updates its alerts, finds their incidents, and asks for investigations.

`ingest` takes whatever has arrived since the last commit. Everything of it is committed, or nothing.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from tocsin.alerts import grouping
from tocsin.alerts import store as alert_store
from tocsin.alerts.parsed import Parsed
from tocsin.alerts.store import AlertChanges, Began, Report
from tocsin.incidents import store as incident_store
from tocsin.incidents.matching import Candidate, Firing, Ignored, Joins, Opens, match
from tocsin.incidents.store import Entry, IncidentChanges, Link, Open, Opening
from tocsin.incidents.triage import triage
from tocsin.investigation import store as investigation_store
from tocsin.workflows import jobs

Connection = AsyncConnection[tuple[Any, ...]]
# From the fourth firing in one incident on an alert is flapping; its timeline then gets a line every tenth time only.
FLAPPING_FROM = 4
FLAPPING_EVERY = 10


@dataclass(frozen=True, slots=True)
class Sender:
    """The source a signal came through, with what ingest needs to know of its environment."""

    id: int
    kind: str
    environment_id: int
    environment_kind: str


@dataclass(frozen=True, slots=True)
class Received:
    """One body. Either understood (`parsed`, and `body` redacted), or rejected (`error`, and `sealed` the body encrypted)."""

    sender: Sender
    received_at: datetime
    body: str = ""
    parsed: Parsed | None = None
    error: str = ""
    sealed: bytes = b""


async def ingest(connection: Connection, batch: list[Received], quiet_period: timedelta) -> list[int]:
    """Commits a batch, in order, and returns the signals' ids. Raises psycopg.Error when nothing of it was kept."""
    async with connection.transaction():
        understood = {r.sender.environment_id for r in batch if r.parsed is not None}
        await alert_store.lock_environments(connection, understood)
        ids = (await alert_store.new_ids(connection, alerts_signal=len(batch)))["alerts_signal"]
        async with connection.pipeline():
            await alert_store.write_signals(connection, [_signal_row(i, r) for i, r in zip(ids, batch, strict=True)])
        reports = _reports(ids, batch)
        if reports:
            await _follow(
                connection, reports, {r.sender.environment_id: r.sender.environment_kind for r in batch}, quiet_period
            )
    return ids


def _signal_row(id_: int, received: Received) -> dict[str, Any]:
    return {
        "id": id_,
        "source_id": received.sender.id,
        "received_at": received.received_at,
        "body": received.body,
        "sealed_body": base64.b64encode(received.sealed).decode() if received.sealed else None,
        "error": received.error,
    }


def _reports(ids: list[int], batch: list[Received]) -> list[Report]:
    return [
        Report(r.sender.environment_id, r.sender.id, r.sender.kind, id_, r.received_at, alert)
        for id_, r in zip(ids, batch, strict=True)
        if r.parsed is not None
        for alert in r.parsed.alerts
    ]


async def _follow(
    connection: Connection, reports: list[Report], kinds: dict[int, str], quiet_period: timedelta
) -> None:
    """From reports to incidents and their investigations."""
    now = max(report.received_at for report in reports)
    changed = await alert_store.take_reports(connection, reports)
    board = await _board(connection, changed)
    old_ends = [o for o in changed.ended if o not in {b.occurrence_id for b in changed.began}]
    home = await incident_store.homes(connection, old_ends)
    ids = (await alert_store.new_ids(connection, incidents_incident=len(changed.began)))["incidents_incident"]
    plan = Planning(board, kinds, quiet_period, now, ids)
    for began in changed.began:
        plan.place(began)
    plan.close(changed, home)
    async with connection.pipeline():
        await alert_store.write_changes(connection, changed)
        await incident_store.write_changes(connection, plan.changes, now)
        if plan.changes.opened:
            opened = [opening.id for opening in plan.changes.opened]
            await investigation_store.request_first(connection, opened, now)
            await jobs.defer_investigations(connection, opened)
        await incident_store.tell_pages(connection, plan.touched)


async def _board(connection: Connection, changed: AlertChanges) -> Board:
    if not changed.began:
        return Board()
    subjects = {
        (b.alert.environment_id, grouping.subject_key(grouping.subject(b.report.labels))) for b in changed.began
    }
    board = Board()
    for found in await incident_store.candidates(connection, [b.alert.id for b in changed.began], subjects):
        board.add(found)
    return board


@dataclass(slots=True)
class Board:
    """The candidates, found by alert and by subject, so that a batch of thousands need not be compared pairwise."""

    by_id: dict[int, Open] = field(default_factory=dict)
    by_alert: dict[int, set[int]] = field(default_factory=dict)
    by_subject: dict[tuple[int, str], set[int]] = field(default_factory=dict)

    def add(self, found: Open) -> None:
        """Puts an incident on the board, or brings it up to date."""
        candidate = found.candidate
        self.by_id[candidate.id] = found
        for alert in candidate.alert_ids:
            self.by_alert.setdefault(alert, set()).add(candidate.id)
        self.by_subject.setdefault((candidate.environment_id, candidate.subject_key), set()).add(candidate.id)

    def near(self, firing: Firing) -> list[Candidate]:
        """The candidates that have anything to do with a firing."""
        ids = self.by_alert.get(firing.alert_id, set()) | self.by_subject.get(
            (firing.environment_id, firing.subject_key), set()
        )
        return [self.by_id[i].candidate for i in ids]


@dataclass(slots=True)
class Planning:
    """Places a batch's firings into incidents, one after the other, so that later ones see what earlier ones opened."""

    board: Board
    environment_kinds: dict[int, str]
    quiet_period: timedelta
    now: datetime
    ids: list[int]
    changes: IncidentChanges = field(default_factory=IncidentChanges)
    touched: set[int] = field(default_factory=set)
    placed: dict[int, tuple[int, int]] = field(default_factory=dict)

    def place(self, began: Began) -> None:
        """Decides where one firing belongs, and notes everything that follows from it."""
        about = grouping.subject(began.report.labels)
        alert = began.alert
        firing = Firing(alert.id, alert.environment_id, began.report.title, grouping.subject_key(about))
        decision = match(firing, self.board.near(firing), self.now, self.quiet_period)
        if isinstance(decision, Ignored):
            return
        incident = (
            self._open(began, firing, about, decision) if isinstance(decision, Opens) else self._join(began, decision)
        )
        self._link(incident, began, decision.reason)

    def _open(self, began: Began, firing: Firing, about: dict[str, str], decision: Opens) -> Open:
        judged = triage(began.report.severity, self.environment_kinds[firing.environment_id])
        id_ = self.ids.pop(0)
        self.changes.opened.append(
            Opening(
                id_,
                firing.environment_id,
                _headline(began.report.title, about),
                about,
                firing.subject_key,
                judged,
                self.now,
                decision.quiet_period,
                decision.recurrence_of,
                decision.reason,
            )
        )
        text = f"Opened by {began.report.title}: {decision.reason}. Severity {judged.severity}: {judged.reason}."
        self._entry(
            id_,
            "opened",
            text,
            {"alert": began.alert.id, "signal": began.signal_id, "recurrence_of": decision.recurrence_of},
        )
        candidate = Candidate(
            id_, firing.environment_id, firing.subject_key, frozenset(), True, self.now, None, decision.quiet_period
        )
        return Open(candidate, judged.severity, {})

    def _join(self, began: Began, decision: Joins) -> Open:
        incident = self.board.by_id[decision.incident_id]
        judged = triage(began.report.severity, self.environment_kinds[began.alert.environment_id])
        if judged.severity.rank < incident.severity.rank:
            self.changes.raised[decision.incident_id] = judged
            text = f"Severity raised from {incident.severity} to {judged.severity}: {judged.reason}."
            self._entry(decision.incident_id, "severity", text, {"alert": began.alert.id})
            incident.severity = judged.severity
        firings = incident.firings.get(began.alert.id, 0) + 1
        if text := _joined(began.report.title, firings, decision.reason):
            self._entry(decision.incident_id, "alert", text, {"alert": began.alert.id, "signal": began.signal_id})
        return incident

    def _link(self, incident: Open, began: Began, reason: str) -> None:
        old = incident.candidate
        incident.firings[began.alert.id] = incident.firings.get(began.alert.id, 0) + 1
        incident.candidate = Candidate(
            old.id,
            old.environment_id,
            old.subject_key,
            old.alert_ids | {began.alert.id},
            True,
            self.now,
            None,
            old.quiet_period,
        )
        self.board.add(incident)
        self.touched.add(old.id)
        self.placed[began.occurrence_id] = (old.id, incident.firings[began.alert.id])
        self.changes.links.append(Link(old.id, began.occurrence_id, began.alert.id, reason))

    def close(self, changed: AlertChanges, home: dict[int, tuple[int, int]]) -> None:
        """Notes the ends: whose incident they touch, and a line on its timeline unless the alert is flapping."""
        for occurrence in changed.ended:
            incident, firings = home.get(occurrence) or self.placed.get(occurrence) or (None, 0)
            if incident is None:
                continue
            self.changes.ended.append(occurrence)
            self.touched.add(incident)
            alert = changed.ended_alerts[occurrence]
            if firings < FLAPPING_FROM and alert.report is not None:
                self._entry(incident, "alert", f"{alert.report.title} resolved.", {"alert": alert.id})

    def _entry(self, incident: int, kind: str, text: str, reference: dict[str, Any]) -> None:
        self.changes.entries.append(Entry(incident, self.now, kind, text, reference))


def _headline(title: str, about: dict[str, str]) -> str:
    where = "/".join(part for part in (about.get("namespace"), about.get("name")) if part)
    return f"{title}: {where}" if where else title


def _joined(title: str, firings: int, reason: str) -> str:
    """The timeline's line for a firing that joins, empty where it would only repeat that the alert is flapping."""
    if firings < 2:
        return f"{title} joined: {reason}."
    if firings < FLAPPING_FROM:
        return f"{title} fired again ({firings} times now)."
    if firings == FLAPPING_FROM:
        return f"{title} is flapping: {firings} firings. From now on only every {FLAPPING_EVERY}th is shown here."
    return f"{title} is still flapping: {firings} firings." if firings % FLAPPING_EVERY == 0 else ""
