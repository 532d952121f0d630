"""How full the volumes of claims are: by the kubelet's statistics of them, and by the logs of who writes there."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin.investigation.diagnosis.claims import claims_of
from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.logs import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_STATISTIC = re.compile(r"kubelet_volume_stats_(?P<what>\w+?)(?:_bytes)?$")


@dataclass(frozen=True, slots=True)
class Fill:
    """What is left of a claim's volume, in bytes and in inodes, with what they are of."""

    claim: Subject
    values: Mapping[str, tuple[float, int]]

    def left(self, available: str, capacity: str) -> float | None:
        """Return the share that is left (0 to 1); None where it was not measured."""
        if available not in self.values or capacity not in self.values or not self.values[capacity][0]:
            return None
        return self.values[available][0] / self.values[capacity][0]

    @property
    def space(self) -> float | None:
        """The share of the bytes that is left."""
        return self.left("available", "capacity")

    @property
    def inodes(self) -> float | None:
        """The share of the inodes that is left."""
        return self.left("inodes_free", "inodes")

    def cite(self, what: str, weight: float = MODERATE) -> Citation:
        """Cite one of the measured values."""
        value, index = self.values[what]
        return Citation(f"metrics/{index}#/value", value, weight, self.claim)


def fills(world: World) -> Iterator[Fill]:
    """Yield the claims whose volumes were measured, as the kubelet names its statistics."""
    world.knows("metrics")
    values: dict[Subject, dict[str, tuple[float, int]]] = defaultdict(dict)
    for index, metric in enumerate(world.snapshot.metrics):
        found = _STATISTIC.search(metric.name)
        claim = metric.labels.get("persistentvolumeclaim") or (
            metric.about.name if metric.about.kind == "PersistentVolumeClaim" else None
        )
        if found and claim:
            scope = metric.labels.get("namespace") or metric.about.namespace or world.snapshot.namespace
            values[Subject("PersistentVolumeClaim", scope, claim)][found["what"]] = (metric.value, index)
    yield from (Fill(claim, held) for claim, held in sorted(values.items()))


def written(world: World, pattern: str) -> Iterator[tuple[Pod, Line, Subject | None]]:
    """Yield the current complaints that match, with the claim on which the files that they name are.

    A line that names no path is taken for the pod's only claim, where it has only one; None where nobody can tell.
    """
    for pod, container, line in complaints(world, pattern):
        mounted = _mounted(pod, container)
        named = [claim for path, claim in mounted if f"{path.rstrip('/')}/" in f"{line.text} "]
        alone = claims_of(pod)[0] if len(claims_of(pod)) == 1 and not re.search(r"\s['\"]?/\w", line.text) else None
        yield pod, line, named[0] if named else alone


def _mounted(pod: Pod, container: Container) -> list[tuple[str, Subject]]:
    claims = {
        volume.text("name"): Subject("PersistentVolumeClaim", pod.namespace, name)
        for volume in pod.parts("spec/volumes")
        if (name := volume.text("persistentVolumeClaim/claimName"))
    }
    mounts = [
        (mount.text("mountPath"), claims.get(mount.text("name"))) for mount in container.spec.parts("volumeMounts")
    ]
    return sorted(((path, claim) for path, claim in mounts if path and claim), key=lambda pair: -len(pair[0]))
