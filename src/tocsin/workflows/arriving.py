"""Firings on their way to an incident: what each is about, which silence it falls under, and which comes first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.alerts import grouping
from tocsin.alerts.firing import Began
from tocsin.alerts.silencing import About, Silence, silenced_by
from tocsin.incidents.matching import Firing
from tocsin.incidents.relation import keys_to_ask
from tocsin.incidents.triage import SEVERITY_OF_WORD, Severity
from tocsin.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Arriving:
    """A firing with the silence that holds it, None where none does, and the silences in trial that would."""

    began: Began
    firing: Firing
    silence: Silence | None = None
    on_trial: tuple[Silence, ...] = ()

    @property
    def named(self) -> str:
        """The alert among others of its title: with what it is about."""
        about = self.firing.subject
        return f"{self.firing.title} on {about['name']}" if about else self.firing.title

    @property
    def headline(self) -> str:
        """What an incident is called that it opens: the workload says more than the name of one of its pods."""
        about, key = self.firing.subject, self.firing.subject_key
        where = key.removeprefix(f"{about.get('kind')}/") or about.get("name", "")
        return f"{self.firing.title}: {where}" if where else self.firing.title


def arriving(began: Iterable[Began], surroundings: Mapping[int, Surroundings]) -> list[Arriving]:
    """A batch's firings in the order in which they are placed: what others stand on first, then as they began.

    So what explains the others opens the incident that they join, whichever came first within the batch.
    """
    found = [_arriving(one, surroundings[one.alert.environment_id]) for one in began]
    if len(found) > 1:
        found.sort(key=_rank)
    return found


def _arriving(began: Began, around: Surroundings) -> Arriving:
    about = grouping.subject(began.report.labels)
    firing = Firing(
        began.alert.id,
        began.alert.environment_id,
        began.report.title,
        grouping.subject_key(about),
        began.report.labels,
        about,
        around.directory,
    )
    if not around.silences:
        return Arriving(began, firing)
    service = firing.service if any(m.name == "@service" for s in around.silences for m in s.matchers) else ""
    source = around.sources.get(began.alert.source_id, "")
    asked = About(firing.environment_id, firing.title, firing.labels, service, source)
    holding = silenced_by(asked, (s for s in around.silences if not s.is_trial))
    return Arriving(began, firing, holding, tuple(s for s in around.silences if s.is_trial and s.matches(asked)))


def _rank(one: Arriving) -> tuple[int, int, datetime, int, str]:
    """Nodes, then services by how much they stand on, then what the catalogue does not know; of equals first and worst first."""
    firing = one.firing
    stands_on = len(firing.directory.upstream(firing.service)) if firing.service else len(firing.directory.services)
    kind = 0 if firing.subject.get("kind") == "Node" else 1
    severity = SEVERITY_OF_WORD.get(one.began.report.severity.lower(), Severity.MEDIUM)
    return kind, stands_on, one.began.starts_at, severity.rank, one.began.alert.fingerprint


def keys_of(arrived: list[Arriving], around: Mapping[int, Surroundings]) -> dict[int, set[str]]:
    """By environment, what incidents may have in common with the firings; of those about one subject the first is asked."""
    keys: dict[int, set[str]] = {environment: set() for environment in around}
    asked: set[tuple[int, str]] = set()
    for one in arrived:
        environment, key = one.firing.environment_id, one.firing.subject_key
        if key and (environment, key) in asked:
            continue
        asked.add((environment, key))
        there = around[environment]
        keys[environment].update(
            keys_to_ask(one.firing.traits, one.firing.directory, there.pairs, is_storm=there.rate.is_storm)
        )
    return keys
