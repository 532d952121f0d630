"""The incidents a batch's firings might belong to, found by what they have in common instead of compared one by one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tocsin.alerts.grouping import ALWAYS_FIRING
from tocsin.incidents.batch import Open
from tocsin.incidents.matching import Candidate, Context, Firing, Joins
from tocsin.incidents.relation import Traits, keys_to_ask, rarities
from tocsin.workflows.surroundings import Surroundings

# Of many incidents with something in common the newest are weighed.
MOST_WEIGHED = 50


@dataclass(slots=True)
class Board:
    """Open incidents and those that had the batch's alerts, by alert and by what they are about."""

    by_id: dict[int, Open] = field(default_factory=dict)
    by_alert: dict[int, set[int]] = field(default_factory=dict)
    by_key: dict[tuple[int, str], set[int]] = field(default_factory=dict)
    _settled: dict[tuple[int, str], int] = field(default_factory=dict)
    _rarity: dict[str, float] | None = None
    _contexts: dict[int, Context] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[Open]) -> Board:
        """A board of copies: what is placed on it leaves `found` as it was."""
        board = cls()
        for incident in found:
            firings = dict(incident.firings)
            board.add(
                replace(incident, candidate=replace(incident.candidate, alert_ids=firings.keys()), firings=firings)
            )
        return board

    def add(self, found: Open) -> None:
        """Puts an incident on the board."""
        candidate = found.candidate
        self.by_id[candidate.id] = found
        for alert in candidate.alert_ids:
            self.by_alert.setdefault(alert, set()).add(candidate.id)
        if candidate.is_open:
            if candidate.subject_key:  # what is about nothing is about nothing in common
                self._index(candidate, (f"about:{candidate.subject_key}",))
            self._index(candidate, candidate.traits.keys)

    def _index(self, candidate: Candidate, keys: Iterable[str]) -> None:
        for key in keys:
            self.by_key.setdefault((candidate.environment_id, key), set()).add(candidate.id)

    def remove(self, id_: int, into: int) -> Open:
        """Takes an incident off the board that has become part of another."""
        found = self.by_id.pop(id_)
        self._settled = {key: into if at == id_ else at for key, at in self._settled.items()}
        for ids in (*self.by_alert.values(), *self.by_key.values()):
            ids.discard(id_)
        return found

    def grow(self, found: Open, traits: Traits) -> bool:
        """Adds what a firing has in common with others to its incident; whether there was anything new."""
        before = found.candidate.traits
        after = before.joined_by(traits)
        if after is before:
            return False
        found.candidate = replace(found.candidate, traits=after)
        self._index(found.candidate, after.keys - before.keys)
        return True

    def settle(self, firing: Firing, id_: int) -> None:
        """Notes where a firing of this batch went, for those that are about the same."""
        if firing.subject_key:
            self._settled[firing.environment_id, firing.subject_key] = id_

    def settled_by(self, firing: Firing, context: Context) -> Joins | None:
        """Where one about the same subject went within this batch: no need to weigh that again, which `match` would join too.

        None for an alert that was in an incident before, and where people keep something apart.
        """
        id_ = self._settled.get((firing.environment_id, firing.subject_key))
        if id_ is None or firing.alert_id in self.by_alert or context.pairs.apart or firing.title in ALWAYS_FIRING:
            return None
        return Joins(id_, f"{self.by_id[id_].candidate.name} is about {firing.subject_key} too")

    def direct(self, firing: Firing) -> list[Candidate]:
        """Those that have or had this very alert, or are about its subject or service."""
        ids = self.by_alert.get(firing.alert_id, set())
        if firing.subject_key:
            ids = ids | self.by_key.get((firing.environment_id, f"about:{firing.subject_key}"), set())
        if firing.service:
            ids = ids | self.by_key.get((firing.environment_id, f"service:{firing.service}"), set())
        return [self.by_id[i].candidate for i in ids]

    def related(self, firing: Firing, context: Context) -> list[Candidate]:
        """Open ones that have anything else in common with a firing, the newest."""
        if not self.by_key:
            return []
        ids: set[int] = set()
        for key in keys_to_ask(firing.traits, firing.directory, context.pairs, is_storm=context.is_storm):
            ids |= self.by_key.get((firing.environment_id, key), set())
        return [self.by_id[i].candidate for i in sorted(ids)[-MOST_WEIGHED:]]

    def context(self, environment: int, surroundings: Surroundings) -> Context:
        """What a decision in an environment may know besides; the same for all of a batch."""
        known = self._contexts.get(environment)
        if known is None:
            if self._rarity is None:
                self._rarity = rarities(one.candidate.traits for one in self.by_id.values())
            known = Context(surroundings.pairs, surroundings.rate.is_storm, self._rarity)
            self._contexts[environment] = known
        return known
