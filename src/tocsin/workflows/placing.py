"""Where a batch's firings belong: into which incidents, and what the timelines say of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tocsin.alerts.firing import AlertChanges, Began
from tocsin.alerts.grouping import subject
from tocsin.alerts.parsed import ParsedAlert
from tocsin.alerts.runs import Trigger
from tocsin.alerts.silencing import Silence
from tocsin.incidents import relation
from tocsin.incidents.batch import Entry, Fold, Hold, Home, IncidentChanges, Link, Open, Opening
from tocsin.incidents.matching import Candidate, Ignored, Joins, Opens, match
from tocsin.incidents.storms import beat
from tocsin.incidents.triage import triage
from tocsin.workflows.arriving import Arriving
from tocsin.workflows.board import Board
from tocsin.workflows.surroundings import Surroundings

# How bad an alert says it is, where it was a run that called.
_RUNS = frozenset(Trigger)
# From the fourth firing in one incident on an alert is flapping; its timeline then gets a line every tenth time only.
FLAPPING_FROM = 4
FLAPPING_EVERY = 10
# More alerts than this that join one incident together are one line, not a wall of them.
MOST_LINES = 5
# The first firings of an incident say what it is about; of one batch no more are asked.
ENOUGH_TRAITS = 10


@dataclass(slots=True)
class Placing:
    """Places a batch's firings into incidents, one after the other, so that later ones see what earlier ones opened."""

    board: Board
    surroundings: Mapping[int, Surroundings]
    quiet_period: timedelta
    now: datetime
    ids: Iterator[int]
    changes: IncidentChanges = field(default_factory=IncidentChanges)
    touched: set[int] = field(default_factory=set)
    placed: dict[int, Home] = field(default_factory=dict)
    joined: dict[int, list[tuple[Began, str]]] = field(default_factory=dict)
    titles: dict[int, Counter[str]] = field(default_factory=dict)
    on_trial: list[tuple[Silence, int, int]] = field(default_factory=list)

    def place_all(self, arriving: list[Arriving], changed: AlertChanges, home: dict[int, Home]) -> Placing:
        """Places all firings of a batch in their order, then notes the ends; returns itself.

        `home` says for occurrences that were open before: their incident, and how often their alert has fired in it.
        """
        for one in arriving:
            self.place(one)
        self.close(changed, home)
        return self

    def place(self, one: Arriving) -> None:
        """Decides where one firing belongs, and notes everything that follows from it."""
        decision = self._decide(one)
        if isinstance(decision, Ignored):
            return
        incident = self._open(one, decision) if isinstance(decision, Opens) else self._join(one, decision)
        self._link(incident, one, decision.reason)

    def _decide(self, one: Arriving) -> Joins | Opens | Ignored:
        environment = one.firing.environment_id
        context = self.board.context(environment, self.surroundings[environment])
        if settled := self.board.settled_by(one.firing, context):
            return settled
        direct = self.board.direct(one.firing)
        decision = match(one.firing, direct, self.now, self.quiet_period, context)
        if isinstance(decision, Opens) and (related := self.board.related(one.firing, context)):
            decision = match(one.firing, [*direct, *related], self.now, self.quiet_period, context)
        return decision

    def _open(self, one: Arriving, decision: Opens) -> Open:
        firing, began = one.firing, one.began
        judged = triage(began.report.severity, self.surroundings[firing.environment_id].kind, began.report.title)
        id_ = next(self.ids)
        hold = _hold(one.silence)
        self.changes.opened.append(
            Opening(
                id_,
                firing.environment_id,
                one.headline,
                dict(firing.subject),
                firing.subject_key,
                judged,
                self.now,
                decision.quiet_period,
                decision.recurrence_of,
                decision.reason,
                firing.traits,
                hold,
                began.alert.source_id,
                called.replace(" ", "-") if (called := began.report.severity) in _RUNS else "",
            )
        )
        text = f"Opened by {one.named}: {decision.reason}."
        self._entry(
            id_,
            "opened",
            text,
            {"alert": began.alert.id, "signal": began.signal_id, "recurrence_of": decision.recurrence_of},
        )
        if hold is not None:
            text = f"Held by silence {hold.silence_id} ({hold.reason}): nobody is told while it lasts."
            self._entry(id_, "silence", text, {"silence": hold.silence_id})
        opened = self._new(id_, one, decision.quiet_period)
        opened.held_by = hold.silence_id if hold else None
        self.board.add(opened)
        return opened

    def _new(self, id_: int, one: Arriving, quiet_period: timedelta) -> Open:
        firings: dict[int, int] = {}
        candidate = Candidate(
            id_,
            one.firing.environment_id,
            one.firing.subject_key,
            firings.keys(),
            is_open=True,
            is_firing=True,
            last_firing_at=self.now,
            resolved_at=None,
            quiet_period=quiet_period,
            traits=one.firing.traits,
            opened_at=self.now,
        )
        return Open(candidate, firings, title=one.headline, subject=dict(one.firing.subject))

    def _join(self, one: Arriving, decision: Joins) -> Open:
        incident, began = self.board.by_id[decision.incident_id], one.began
        self._lead(incident, one)
        for other in decision.folds:
            self._fold(other, incident, one)
        self._learn(incident, one)
        self._release(incident, one)
        firings = incident.firings.get(began.alert.id, 0) + 1
        if text := _joined(one.named, firings, decision.reason):
            self.joined.setdefault(decision.incident_id, []).append((began, text))
        return incident

    def _fold(self, other: int, into: Open, one: Arriving) -> None:
        """Another incident, which nobody has taken up yet, is only a consequence of what this firing is about."""
        folded = self.board.remove(other, into.candidate.id)
        reason = f"{one.named} explains both {folded.candidate.name} and {into.candidate.name}"
        self.changes.folds.append(Fold(other, into.candidate.id, reason))
        self._entry(other, "merge", f"Became part of {into.candidate.name}: {reason}.", {"into": into.candidate.id})
        self._entry(
            into.candidate.id, "merge", f"{folded.candidate.name} became part of this: {reason}.", {"from": other}
        )
        self.touched.add(other)
        if folded.held_by is None:
            self._let_go(into, folded.candidate.name)
        into.candidate = replace(into.candidate, is_untouched=False)  # it does not become part of a third one as well
        self.titles.setdefault(into.candidate.id, Counter()).update(self.titles.pop(other, Counter()))
        self.joined.setdefault(into.candidate.id, []).extend(self.joined.pop(other, []))
        self.board.grow(into, folded.candidate.traits)
        self.changes.traits[into.candidate.id] = into.candidate.traits

    def _lead(self, incident: Open, one: Arriving) -> None:
        """An incident that nobody has taken up yet is named after what explains it, when that fires after its consequences."""
        if not incident.candidate.is_untouched or not one.firing.subject or incident.subject == one.firing.subject:
            return
        if relation.explains(one.firing.traits, incident.candidate.traits, one.firing.directory):
            id_ = incident.candidate.id
            self.changes.renamed[id_] = (one.headline, dict(one.firing.subject))
            text = f"Now named after {one.named}, which explains the rest; before: {incident.title}."
            self._entry(id_, "lead", text, {"alert": one.began.alert.id})
            incident.title, incident.subject = one.headline, dict(one.firing.subject)

    def _learn(self, incident: Open, one: Arriving) -> None:
        """What the firing adds to what the incident is about."""
        if self.titles.get(incident.candidate.id, Counter()).total() >= ENOUGH_TRAITS:
            return
        if self.board.grow(incident, one.firing.traits):
            self.changes.traits[incident.candidate.id] = incident.candidate.traits

    def _release(self, incident: Open, one: Arriving) -> None:
        """What no silence is about lets go of an incident that one holds."""
        if one.silence is None:
            self._let_go(incident, one.named)

    def _let_go(self, incident: Open, because_of: str) -> None:
        if incident.held_by is None:
            return
        self.changes.released.add(incident.candidate.id)
        text = f"No longer held: silence {incident.held_by} is not about {because_of}."
        self._entry(incident.candidate.id, "silence", text, {"silence": incident.held_by})
        incident.held_by = None

    def _link(self, incident: Open, one: Arriving, reason: str) -> None:
        id_, alert, began = incident.candidate.id, one.began.alert.id, one.began
        incident.firings[alert] = incident.firings.get(alert, 0) + 1
        if incident.candidate.last_firing_at != self.now or not incident.candidate.is_firing:
            incident.candidate = replace(incident.candidate, last_firing_at=self.now, is_firing=True)
        self.board.settle(one.firing, id_)
        self.board.by_alert.setdefault(alert, set()).add(id_)
        self.touched.add(id_)
        self.titles.setdefault(id_, Counter())[began.report.title] += 1
        self.placed[began.occurrence_id] = Home(id_, incident.firings[alert])
        self.changes.links.append(Link(id_, began.occurrence_id, alert, reason))
        self.on_trial.extend((silence, alert, id_) for silence in one.on_trial)

    def close(self, changed: AlertChanges, home: dict[int, Home]) -> None:
        """Notes who joined, and the ends: whose incident they touch, and a line on its timeline unless the alert is flapping."""
        for incident, titles in self.titles.items():
            self._tell_joined(incident, titles)
        into = {fold.incident_id: fold.into_id for fold in self.changes.folds}
        for occurrence in changed.ended:
            found = home.get(occurrence) or self.placed.get(occurrence)
            if found is None:
                continue
            incident, firings = into.get(found.incident, found.incident), found.firings
            self.touched.add(incident)
            alert = changed.ended_alerts.get(occurrence)
            if alert is None or (alert.report is not None and alert.report.is_event):
                continue  # it gave way to the next of its kind; or it went well since, and somebody decides whether all is well
            self.changes.ended.append(occurrence)
            if firings < FLAPPING_FROM and alert.report is not None and not self._is_storm(incident, found):
                self._entry(incident, "alert", f"{_named(alert.report)} resolved.", {"alert": alert.id})

    def acknowledge(self, taken_on: Mapping[int, str], home: Mapping[int, Home]) -> None:
        """Notes which incidents somebody at a sender has taken on, by their occurrences."""
        for occurrence, actor in taken_on.items():
            if found := home.get(occurrence) or self.placed.get(occurrence):
                self.changes.acknowledged[found.incident] = actor
                self.touched.add(found.incident)

    def _is_storm(self, incident: int, home: Home) -> bool:
        found = self.board.by_id.get(incident)
        return home.is_storm or (found is not None and found.pulse.is_storm(self.now))

    def _tell_joined(self, id_: int, titles: Counter[str]) -> None:
        """One line for each that joined, few for many, and in a storm one a minute."""
        incident = self.board.by_id[id_]
        step = beat(
            incident.pulse, titles, self.now, self.surroundings[incident.candidate.environment_id].rate.threshold
        )
        incident.pulse = self.changes.pulses[id_] = step.pulse
        joined = self.joined.get(id_, [])
        if step.folds:
            if step.line:
                self._entry(id_, "storm", step.line, {})
        elif len(joined) <= MOST_LINES:
            for began, text in joined:
                self._entry(id_, "alert", text, {"alert": began.alert.id, "signal": began.signal_id})
        else:
            counts = Counter(began.report.title for began, _ in joined)
            names = ", ".join(f"{title} ({count})" for title, count in counts.most_common(MOST_LINES))
            text = f"{len(joined)} alerts joined at once: {names}."
            self._entry(id_, "alert", text, {"signal": joined[0][0].signal_id})

    def _entry(self, incident: int, kind: str, text: str, reference: dict[str, Any]) -> None:
        self.changes.entries.append(Entry(incident, self.now, kind, text, reference))


def _hold(silence: Silence | None) -> Hold | None:
    return Hold(silence.id, silence.until, silence.reason) if silence else None


def _named(report: ParsedAlert) -> str:
    """An alert among others of its title: with what it is about."""
    about = subject(report.labels)
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
