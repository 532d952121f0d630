"""Grouping: how well alerts of made-up failures are put into incidents, and how often two failures are put into one.

    python -m benchmarks.grouping [--seeds 8-15] [--no-catalogue] [--output json]

Seeds 0 to 7 were looked at while the weights were chosen; report others. Every pair of alerts of a case counts: together and
rightly so, together and wrongly so, apart and wrongly so. Over-merging is the share of pairs put together that belong apart;
an incident mixes failures when it holds alerts of two. No database: the decisions themselves are measured, in batches of 2 s.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, count
from typing import Any

from benchmarks.failures import KINDS, Raised, case
from tocsin.alerts.firing import AlertChanges, Known, Report, StoredAlert
from tocsin.alerts.grouping import fingerprint
from tocsin.catalog.directory import Directory
from tocsin.incidents.batch import Open
from tocsin.workflows.arriving import arriving, keys_of
from tocsin.workflows.board import Board
from tocsin.workflows.placing import Placing
from tocsin.workflows.surroundings import Surroundings

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
QUIET = timedelta(minutes=5)
BATCH_S = 2.0


@dataclass(slots=True)
class Tally:
    """Pairs of alerts, and incidents, of one or more cases."""

    together_rightly: int = 0
    together_wrongly: int = 0
    apart_wrongly: int = 0
    incidents: int = 0
    mixed: int = 0
    failures: int = 0

    def add(self, other: Tally) -> None:
        """Adds another case."""
        for name in Tally.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def row(self) -> dict[str, Any]:
        """The figures."""
        together = self.together_rightly + self.together_wrongly
        precision = self.together_rightly / together if together else 1.0
        belong = self.together_rightly + self.apart_wrongly
        recall = self.together_rightly / belong if belong else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "pairwise F1": round(f1, 3) if belong else "no pairs",
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "over-merged pairs": round(1 - precision, 4),
            "incidents": self.incidents,
            "failures": self.failures,
            "incidents that mix": self.mixed,
        }


def place(raised: list[Raised], directory: Directory) -> dict[str, int]:
    """Puts a case's alerts into incidents, batch by batch, as ingest does; alert to incident."""
    homes: dict[str, int] = {}
    incidents: list[Open] = []
    around = {1: Surroundings("production", directory)}
    ids, occurrences, numbers = count(1), count(1), count(1)
    for batch in _batches(raised):
        now = NOW + timedelta(seconds=batch[-1].at)
        changes = AlertChanges()
        for one in batch:
            told = replace_time(one, now)
            stored = StoredAlert(next(numbers), 1, 1, fingerprint("alertmanager", told.parsed.identity), Known())
            changes.apply(stored, told, occurrences)
        around = {1: around[1].with_firings(len(changes.began), now)}
        arrived = arriving(changes.began, around)
        asked = keys_of(arrived, around)[1]
        board = Board.of(one for one in incidents if one.candidate.traits.keys & asked)
        placing = Placing(board, around, QUIET, now, ids).place_all(arrived, changes, {})
        folded = {fold.incident_id: fold.into_id for fold in placing.changes.folds}
        named = {began.occurrence_id: began.report.identity for began in changes.began}
        homes.update({named[link.occurrence_id]: link.incident_id for link in placing.changes.links})
        homes = {name: folded.get(home, home) for name, home in homes.items()}
        unasked = [one for one in incidents if not one.candidate.traits.keys & asked]
        incidents = unasked + [
            replace(one, candidate=replace(one.candidate, is_untouched=True, alert_ids=frozenset()), firings={})
            for one in board.by_id.values()
        ]
    return homes


def replace_time(one: Raised, now: datetime) -> Report:
    """The alert as reported now, having begun when it was raised."""
    return Report(1, 1, "alertmanager", 1, now, one.alert)


def _batches(raised: list[Raised]) -> Iterable[list[Raised]]:
    batch: list[Raised] = []
    for one in raised:
        if batch and one.at - batch[0].at > BATCH_S:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def judge(raised: list[Raised], homes: dict[str, int]) -> Tally:
    """Compares incidents with failures."""
    failure = {one.alert.identity: one.failure for one in raised}
    tally = Tally(incidents=len(set(homes.values())), failures=len(set(failure.values())))
    for a, b in combinations(sorted(failure), 2):
        together, belong = homes[a] == homes[b], failure[a] == failure[b]
        tally.together_rightly += together and belong
        tally.together_wrongly += together and not belong
        tally.apart_wrongly += belong and not together
    mixes: dict[int, set[str]] = {}
    for name, home in homes.items():
        mixes.setdefault(home, set()).add(failure[name])
    tally.mixed = sum(len(found) > 1 for found in mixes.values())
    return tally


def main() -> None:
    """Prints a row for each kind of failure, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="8-15", help="first-last")
    parser.add_argument("--no-catalogue", action="store_true", help="without services and dependencies")
    parser.add_argument("--output", choices=["text", "json"], default="text")
    options = parser.parse_args()
    first, last = (int(part) for part in options.seeds.split("-"))
    tallies = {kind: Tally() for kind in KINDS}
    for kind in KINDS:
        for seed in range(first, last + 1):
            world, raised = case(kind, seed)
            directory = Directory() if options.no_catalogue else world.directory()
            tallies[kind].add(judge(raised, place(raised, directory)))
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    rows = {kind: tally.row() for kind, tally in (*tallies.items(), ("all", total))}
    if options.output == "json":
        print(json.dumps(rows))
        return
    print(f"{len(KINDS) * (last - first + 1)} cases")
    for kind, row in rows.items():
        print(f"{kind:16}", "  ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
