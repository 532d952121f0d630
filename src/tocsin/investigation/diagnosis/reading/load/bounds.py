"""What a quota leaves, and who lacks something that it could have refused."""

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.reading.configuration.settings import uncalled
from tocsin.investigation.diagnosis.reference import Subject, escape
from tocsin.investigation.diagnosis.resources import Resource, Workload
from tocsin.investigation.diagnosis.signals import uncreated, unscheduled, unstarted
from tocsin.investigation.diagnosis.world import World

_NO_CLAIM = re.compile(r'persistentvolumeclaim "[^"]+" not found')
_NO_CONFIGURATION = re.compile(r'(?P<kind>configmap|secret)s? "[^"]+" not found', re.I)
_COMPUTED = re.compile(r"(?:(?P<bound>requests|limits)\.)?(?P<resource>cpu|memory|ephemeral-storage)")


class Lack(NamedTuple):
    """A workload that goes without something, and what shows it."""

    workload: Subject
    cite: Citation


def room(quota: Resource, kind: str) -> Fraction | None:
    """Return how much of a kind a quota leaves, in base units; None when it does not say."""
    used = parse_quantity(quota.get(f"status/used/{escape(kind)}"))
    most = parse_quantity(quota.get(f"status/hard/{escape(kind)}"))
    return None if used is None or most is None else most - used


def lacking(world: World, namespace: str, kind: str, left: Fraction) -> Iterator[Lack]:
    """Yield who in a namespace lacks an object of a quota's kind, as far as the quota, with so much left, could refuse it."""
    limited = kind.removeprefix("count/").rpartition("/")[2]
    look = _LOOKS.get(limited.partition(".")[0] if limited.startswith("services") else limited)
    if look and (left <= 0 or "storage" in limited):
        yield from (lack for lack in look(world) if lack.workload.namespace == namespace)
    elif not look:
        yield from (lack for lack in _unmade(world, limited, left) if lack.workload.namespace == namespace)


def unclaimed(world: World) -> list[Resource]:
    """Return the volumes that stand ready and that nobody claims."""
    volumes = world.inventory.of("PersistentVolume")
    return [held for held in volumes if held.text("status/phase") == "Available" and not held.get("spec/claimRef")]


def _without_claim(world: World) -> Iterator[Lack]:
    for saying in unscheduled(world):
        if _NO_CLAIM.search(saying.text):
            yield Lack(saying.controller, saying.weighing(STRONG))


def _without_service(world: World) -> Iterator[Lack]:
    yield from (Lack(caller, cite) for caller, cite, _ in uncalled(world))


def _without(kind: str) -> Callable[[World], Iterator[Lack]]:
    def look(world: World) -> Iterator[Lack]:
        for saying in unstarted(world):
            found = _NO_CONFIGURATION.search(saying.text)
            if found and found["kind"].lower() == kind:
                yield Lack(saying.controller, saying.weighing(STRONG))

    return look


_LOOKS: Mapping[str, Callable[[World], Iterator[Lack]]] = {
    "requests.storage": _without_claim,
    "persistentvolumeclaims": _without_claim,
    "services": _without_service,
    "configmaps": _without("configmap"),
    "secrets": _without("secret"),
}


def _unmade(world: World, kind: str, left: Fraction) -> Iterator[Lack]:
    """Yield the workloads that lack pods without anybody saying why, and one of whose pods takes more than is left."""
    told = {saying.controller for saying in uncreated(world)}
    for workload in world.workloads:
        made = workload.number("status/replicas")
        if made is not None and made < workload.desired and workload.subject not in told:
            taken = _taken(workload, kind)
            if taken is not None and taken > left:
                yield Lack(workload.subject, workload.cite("status/replicas", STRONG))


def _taken(workload: Workload, kind: str) -> Fraction | None:
    """Return how much of a quota's kind one pod of a workload takes; None for a kind that pods do not take."""
    if kind == "pods":
        return Fraction(1)
    if found := _COMPUTED.fullmatch(kind):
        amounts = [held.amount(found["bound"] or "requests", found["resource"]) for held in workload.containers]
        return sum((amount for amount in amounts if amount), Fraction(0))
    return None
