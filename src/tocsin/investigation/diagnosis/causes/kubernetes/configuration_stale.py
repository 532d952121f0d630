"""Configuration that was changed, and that running containers did not read anew."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.reading.configuration.sources import Written, reads, written
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import restart
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World


class _Stale(NamedTuple):
    source: Subject
    change: Written
    started: datetime


@cause("configuration", modes=("config.stale_mount",), needs=("Pod",))
def configuration_stale(world: World) -> Iterator[Finding]:
    """A ConfigMap or Secret was changed after a container started that keeps what it read at its start.

    Variables are read once, when the container starts, and so are files mounted by subPath. The pods go on with the
    old values until they are started anew, and those that start meanwhile have the new ones.

    When it is wrong: the change does not concern what fails, or the application reads the object by itself.
    """
    for pod in world.pods:
        for container in pod.containers:
            trouble = [] if container.init or pod.leaving else _trouble(world, pod, container)
            stale = _stale(world, pod, container) if trouble else None
            if not stale:
                continue
            source, change, started = stale
            told = STRONG if any(cite.source == "logs" for cite in trouble) else MODERATE
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} has run since {started:%Y-%m-%d %H:%M} UTC with what it read then: "
                f"{source.kind} {source.name} was changed {ago(started, change.at)} later, by {change.by}",
                cites=[Citation(change.cite.ref, change.cite.value, told, change.cite.about), *trouble],
                remedies=[*restart(world.controller(pod)), _look(source)],
            )


def _stale(world: World, pod: Pod, container: Container) -> _Stale | None:
    started = container.status.time("state/running/startedAt") if container.status else None
    if not started:
        return None
    for read in reads(container, pod.parts("spec/volumes")):
        item = world.inventory.get(read.source) if read.fixed else None
        change = written(world, item) if item else None
        if change and change.at > started:
            return _Stale(read.source, change, started)
    return None


def _trouble(world: World, pod: Pod, container: Container) -> list[Citation]:
    """Cite what is wrong with a container that runs: it is not ready, or it complains and an alert names its workload."""
    named, top = world.snapshot.alert.resource, world.controller(pod)
    asked = bool(named and (named.kind, named.name) in ((top.kind, top.name), (pod.kind, pod.name)))
    if not container.status or (container.ready and not asked):
        return []
    lines = world.current_complaints(pod, container)
    if container.ready and not lines:
        return []
    said = [lines[-1].cite(WEAK)] if lines else []
    return [container.status.cite("state/running/startedAt", MODERATE), *said]


def _look(source: Subject) -> Command:
    columns = "custom-columns=POD:.metadata.name,STARTED:.status.containerStatuses[*].state.running.startedAt"
    purpose = f"see which pods started before {source.name} was changed"
    return look("get", "pods", "-o", columns, of=source, purpose=purpose)
