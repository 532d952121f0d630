"""Configuration that was changed, and with which containers fail since."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.reading.configuration.sources import Written, reads, written
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.configuration import restore_configmap_value
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World

# A pod that old when the configuration was changed did not fail from its beginning.
_SETTLED, _RECENT = timedelta(minutes=10), timedelta(hours=24)


class _Suspect(NamedTuple):
    source: Subject
    change: Written
    failing: Citation


@cause("configuration", modes=("config.bad_change",), needs=("Pod",))
def configuration_changed(world: World) -> Iterator[Finding]:
    """A ConfigMap or Secret was changed, and containers that read it fail since; nothing was rolled out.

    The pods had run for a while with the former content. With the new one they do not start any more, or are not
    ready: a value, a key or the syntax of a file is wrong.

    When it is wrong: the change is innocent, and something else happened at the same time.
    """
    now = world.snapshot.captured_at
    for pod in world.pods:
        for container in pod.containers:
            suspect = _suspect(world, pod, container, now) if now and not pod.ready and not pod.leaving else None
            if not now or not suspect:
                continue
            source, change, failing = suspect
            what = world.edits[source].what if source in world.edits and "→" in world.edits[source].what else ""
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} fails since {source.kind} {source.name} was changed "
                f"{ago(change.at, now)} before, by {change.by}{f': {what}' if what else ''}",
                cites=[Citation(change.cite.ref, change.cite.value, STRONG, change.cite.about), failing],
                remedies=_remedies(world, world.controller(pod), source),
            )


def _suspect(world: World, pod: Pod, container: Container, now: datetime) -> _Suspect | None:
    """Return a change of what a container reads after which it was started and fails, though its pod had long been there."""
    status, began = container.status, pod.time("status/startTime") or pod.created
    if not status or container.ready or not began:
        return None
    ended = container.last_exit
    if ended and ended.number("exitCode"):
        since, failing = ended.time("startedAt") or ended.time("finishedAt"), ended.cite("exitCode", WEAK)
    else:
        since, failing = None, status.cite("ready", MODERATE)
    rolled = world.edits.get(world.controller(pod))
    for read in reads(container, pod.parts("spec/volumes")):
        item = world.inventory.get(read.source)
        change = written(world, item) if item else None
        if not change or now - change.at > _RECENT or change.at - began < _SETTLED:
            continue
        if (since and since < change.at) or (since is None and read.fixed) or (rolled and rolled.at > change.at):
            continue
        return _Suspect(read.source, change, failing)
    return None


def _remedies(world: World, workload: Subject, source: Subject) -> list[Command]:
    """Put the former value back, where a journal knows it; else show who changed what."""
    known = [
        change
        for change in world.snapshot.changes
        if (change.about.kind, change.about.name) == (source.kind, source.name)
        and change.old is not None
        and change.new
    ]
    seen = look(
        *("get", target(source), "-o", "yaml", "--show-managed-fields"),
        of=source,
        purpose=f"see who changed {source.name}, and when",
    )
    if source.kind != "ConfigMap" or not known or not known[-1].field.strip("/").startswith("data/"):
        return [seen]
    last = known[-1]
    path, new, old = last.field.strip("/"), last.new or "", last.old or ""
    return [*restore_configmap_value(workload, source, path, new, old), seen]
