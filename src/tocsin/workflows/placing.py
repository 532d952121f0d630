"""Where a batch's firings belong: into which incidents, and what the timelines say of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tocsin.alerts import grouping
from tocsin.alerts.firing import AlertChanges, Began
from tocsin.alerts.parsed import ParsedAlert
from tocsin.incidents.batch import Entry, IncidentChanges, Link, Open, Opening
from tocsin.incidents.matching import Candidate, Firing, Ignored, Joins, Opens, match
from tocsin.incidents.triage import triage

# From the fourth firing in one incident on an alert is flapping; its timeline then gets a line every tenth time only.
FLAPPING_FROM = 4
FLAPPING_EVERY = 10
# More alerts than this that join one incident together are one line, not a wall of them.
MOST_LINES = 5


@dataclass(slots=True)
class Board:
    """The candidates, found by alert and by subject, so that a batch of thousands need not be compared pairwise."""

    by_id: dict[int, Open] = field(default_factory=dict)
    by_alert: dict[int, set[int]] = field(default_factory=dict)
    by_subject: dict[tuple[int, str], set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, found: list[Open]) -> Board:
        """A board of copies: what is placed on it leaves `found` as it was."""
        board = cls()
        for incident in found:
            firings = dict(incident.firings)
            board.add(Open(replace(incident.candidate, alert_ids=firings.keys()), incident.severity, firings))
        return board

    def add(self, found: Open) -> None:
        """Puts an incident on the board."""
        candidate = found.candidate
        self.by_id[candidate.id] = found
        for alert in candidate.alert_ids:
            self.by_alert.setdefault(alert, set()).add(candidate.id)
        if candidate.subject_key:  # what is about nothing is about nothing in common
            self.by_subject.setdefault((candidate.environment_id, candidate.subject_key), set()).add(candidate.id)

    def near(self, firing: Firing) -> list[Candidate]:
        """The candidates that have anything to do with a firing."""
        ids = self.by_alert.get(firing.alert_id, set()) | self.by_subject.get(
            (firing.environment_id, firing.subject_key), set()
        )
        return [self.by_id[i].candidate for i in ids]


@dataclass(slots=True)
class Placing:
    """Places a batch's firings into incidents, one after the other, so that later ones see what earlier ones opened."""

    board: Board
    environment_kinds: dict[int, str]
    quiet_period: timedelta
    now: datetime
    ids: Iterator[int]
    changes: IncidentChanges = field(default_factory=IncidentChanges)
    touched: set[int] = field(default_factory=set)
    placed: dict[int, tuple[int, int]] = field(default_factory=dict)
    joined: dict[int, list[tuple[Began, str]]] = field(default_factory=dict)

    def place_all(self, changed: AlertChanges, home: dict[int, tuple[int, int]]) -> Placing:
        """Places all firings of a batch in their order, then notes the ends; returns itself.

        `home` says for occurrences that were open before: their incident, and how often their alert has fired in it.
        """
        for began in changed.began:
            self.place(began)
        self.close(changed, home)
        return self

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
        id_ = next(self.ids)
        self.changes.opened.append(
            Opening(
                id_,
                firing.environment_id,
                _headline(began.report.title, about, firing.subject_key),
                about,
                firing.subject_key,
                judged,
                self.now,
                decision.quiet_period,
                decision.recurrence_of,
                decision.reason,
            )
        )
        text = f"Opened by {_named(began.report)}: {decision.reason}. Severity {judged.severity}: {judged.reason}."
        self._entry(
            id_,
            "opened",
            text,
            {"alert": began.alert.id, "signal": began.signal_id, "recurrence_of": decision.recurrence_of},
        )
        firings: dict[int, int] = {}
        candidate = Candidate(
            id_,
            firing.environment_id,
            firing.subject_key,
            firings.keys(),
            is_open=True,
            is_firing=True,
            last_firing_at=self.now,
            resolved_at=None,
            quiet_period=decision.quiet_period,
        )
        opened = Open(candidate, judged.severity, firings)
        self.board.add(opened)
        return opened

    def _join(self, began: Began, decision: Joins) -> Open:
        incident = self.board.by_id[decision.incident_id]
        judged = triage(began.report.severity, self.environment_kinds[began.alert.environment_id])
        if judged.severity.rank < incident.severity.rank:
            self.changes.raised[decision.incident_id] = judged
            text = f"Severity raised from {incident.severity} to {judged.severity}: {judged.reason}."
            self._entry(decision.incident_id, "severity", text, {"alert": began.alert.id})
            incident.severity = judged.severity
        firings = incident.firings.get(began.alert.id, 0) + 1
        if text := _joined(_named(began.report), firings, decision.reason):
            self.joined.setdefault(decision.incident_id, []).append((began, text))
        return incident

    def _link(self, incident: Open, began: Began, reason: str) -> None:
        id_, alert = incident.candidate.id, began.alert.id
        incident.firings[alert] = incident.firings.get(alert, 0) + 1
        incident.candidate = replace(incident.candidate, last_firing_at=self.now, is_firing=True)
        self.board.by_alert.setdefault(alert, set()).add(id_)
        self.touched.add(id_)
        self.placed[began.occurrence_id] = (id_, incident.firings[alert])
        self.changes.links.append(Link(id_, began.occurrence_id, alert, reason))

    def close(self, changed: AlertChanges, home: dict[int, tuple[int, int]]) -> None:
        """Notes who joined, and the ends: whose incident they touch, and a line on its timeline unless the alert is flapping."""
        for incident, joined in self.joined.items():
            self._tell_joined(incident, joined)
        for occurrence in changed.ended:
            found = home.get(occurrence) or self.placed.get(occurrence)
            if found is None:
                continue
            incident, firings = found
            self.touched.add(incident)
            alert = changed.ended_alerts.get(occurrence)
            if alert is None or (alert.report is not None and alert.report.is_event):
                continue  # it gave way to the next of its kind; or it went well since, and somebody decides whether all is well
            self.changes.ended.append(occurrence)
            if firings < FLAPPING_FROM and alert.report is not None:
                self._entry(incident, "alert", f"{_named(alert.report)} resolved.", {"alert": alert.id})

    def _tell_joined(self, incident: int, joined: list[tuple[Began, str]]) -> None:
        if len(joined) <= MOST_LINES:
            for began, text in joined:
                self._entry(incident, "alert", text, {"alert": began.alert.id, "signal": began.signal_id})
            return
        counts = Counter(began.report.title for began, _ in joined)
        names = ", ".join(f"{title} ({count})" for title, count in counts.most_common(MOST_LINES))
        first = joined[0][0]
        self._entry(incident, "alert", f"{len(joined)} alerts joined at once: {names}.", {"signal": first.signal_id})

    def _entry(self, incident: int, kind: str, text: str, reference: dict[str, Any]) -> None:
        self.changes.entries.append(Entry(incident, self.now, kind, text, reference))


def _headline(title: str, about: dict[str, str], key: str) -> str:
    """The workload says more than the name of one of its pods."""
    where = key.removeprefix(f"{about.get('kind')}/") or about.get("name", "")
    return f"{title}: {where}" if where else title


def _named(report: ParsedAlert) -> str:
    """An alert among others of its title: with what it is about."""
    about = grouping.subject(report.labels)
    return f"{report.title} on {about['name']}" if about else report.title


def _joined(title: str, firings: int, reason: str) -> str:
    """The timeline's line for a firing that joins, empty where it would only repeat that the alert is flapping."""
    if firings < 2:
        return f"{title} joined: {reason}."
    if firings < FLAPPING_FROM:
        return f"{title} fired again ({firings} times now)."
    if firings == FLAPPING_FROM:
        return f"{title} is flapping: {firings} firings. From now on only every {FLAPPING_EVERY}th is shown here."
    return f"{title} is still flapping: {firings} firings." if firings % FLAPPING_EVERY == 0 else ""
