"""Which of an environment's clusters an alert is about: a pure decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class NoCluster(LookupError):
    """None can be said to be meant; the message says why, and what to do."""


def choose(names: Sequence[str], labels: Mapping[str, str]) -> str:
    """The name of the cluster that the alert's label `cluster` names, else the only one. Raises NoCluster."""
    named = labels.get("cluster", "")
    if named in names:
        return named
    if len(names) == 1:
        return names[0]
    if not names:
        raise NoCluster("no cluster is set for this environment: `tocsin cluster` sets one")
    said = f"the alert is of cluster “{named}”" if named else "the alert has no label `cluster`"
    raise NoCluster(f"{said}, and this environment has {', '.join(sorted(names))}: give alerts one of these as label")
