"""Something that was changed shortly before it failed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK
from tocsin.investigation.diagnosis.reading.changes.edits import Edit, ago
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.resources import Pod, Workload
from tocsin.investigation.diagnosis.world import World

_CONFIGURATION = ("ConfigMap", "Secret")
_RECENT_HOURS = 24
# A rollout takes its time: so long after it was set off, and so young, pods need not be ready.
_BEGUN, _YOUNG = timedelta(minutes=5), timedelta(minutes=2)
_STARTING = ("", "ContainerCreating", "PodInitializing")


@cause("change", needs=("Pod",), own=False)
def recent_change(world: World) -> Iterator[Finding]:
    """A workload fails, and it or its configuration was changed not long before.

    Most failures follow a change. The change is named with its time and, where it is known, with the old and the new
    value, so that one can judge whether it can have this effect.

    When it is wrong: the nearest change is often innocent; without a finding that it explains, it is only a suspect.
    """
    now = world.snapshot.captured_at
    for workload in world.workloads:
        if not now or not workload.lacking:
            continue
        for edit in _near(world, workload):
            before = ago(edit.at, now)
            if (
                not _under_way(world, workload, now - edit.at)
                and 0 <= (now - edit.at).total_seconds() < _RECENT_HOURS * 3600
            ):
                yield Finding(
                    workload.subject,
                    f"{workload.name} fails; {edit.subject} changed {before} before, by {edit.by}: {edit.what}",
                    cites=[replace(edit.cite, weight=_weight(edit)), workload.cite("status", WEAK)],
                    remedies=rollback(workload.subject) if edit.subject == workload.subject else (),
                )


def _weight(edit: Edit) -> float:
    """Weigh a change: that somebody wrote to an object tells little as long as nobody knows what was changed."""
    return MODERATE if edit.fields else WEAK


def _near(world: World, workload: Workload) -> Iterator[Edit]:
    """Yield the latest changes of a workload and of the configuration that its pods read."""
    read = {edge.target for pod in world.pods_of(workload.subject) for edge in world.topology.needs(pod.subject)}
    places: set[Subject] = {workload.subject, *(at for at in read if at.kind in _CONFIGURATION)}
    yield from (world.edits[place] for place in sorted(places) if place in world.edits)


def _under_way(world: World, workload: Workload, age: timedelta) -> bool:
    """Tell whether a rollout has only begun: nothing of it has failed yet, or waits for long."""
    late = [pod for pod in world.pods_of(workload.subject) if not pod.ready and not pod.leaving]
    known = bool(late or workload.available)
    return known and age < _BEGUN and all(_starts(world, pod) for pod in late)


def _starts(world: World, pod: Pod) -> bool:
    states = [held.waiting.text("reason") for held in pod.containers if held.waiting]
    failed = any(held.restarts or held.last_exit for held in pod.containers if not held.init)
    young = world.snapshot.within(pod.created, _YOUNG)
    return young and not failed and all(state in _STARTING for state in states)
