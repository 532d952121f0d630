"""How full the volumes of claims are: by the kubelet's statistics of them, and by the logs of who writes there."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reading.storage.claims import claims_of
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import bothers, complaints
from tocsin.investigation.diagnosis.world import World

_STATISTIC = re.compile(
    r"(?:kubelet_volume_stats_|volume_)(?P<what>available|capacity|used|inodes|inodes_free)(?:_bytes)?$"
)


@dataclass(frozen=True, slots=True)
class Fill:
    """What was measured of a claim's volume, each with its place: space in bytes or as a share, inodes in pieces."""

    claim: Subject
    values: Mapping[str, tuple[float, int]]

    @property
    def space(self) -> float | None:
        """The share of the space that is left (0 to 1); None where it was not measured."""
        if "available_ratio" in self.values:
            return self.values["available_ratio"][0]
        used = self._share("used", "capacity")
        return self._share("available", "capacity") if used is None else 1 - used

    @property
    def inodes(self) -> float | None:
        """The share of the inodes that is left (0 to 1); None where it was not measured."""
        return self._share("inodes_free", "inodes")

    def cites(self, *names: str) -> list[Citation]:
        """Cite those of the values that were measured, the first as what decides."""
        held = [self.values[name] for name in names if name in self.values]
        weights = (CONCLUSIVE, *(MODERATE for _ in held[1:]))
        return [
            Citation(f"metrics/{index}#/value", value, weight, self.claim)
            for (value, index), weight in zip(held, weights, strict=True)
        ]

    def _share(self, part: str, whole: str) -> float | None:
        if part not in self.values or whole not in self.values or not self.values[whole][0]:
            return None
        return self.values[part][0] / self.values[whole][0]


def fills(world: World) -> Iterator[Fill]:
    """Yield the claims whose volumes were measured: by the kubelet's statistics, or by the share that our own query asks for."""
    world.knows("metrics")
    values: dict[Subject, dict[str, tuple[float, int]]] = defaultdict(dict)
    for index, metric in enumerate(world.snapshot.metrics):
        found = _STATISTIC.search(metric.name)
        claim = metric.labels.get("persistentvolumeclaim") or (
            metric.about.name if metric.about.kind == "PersistentVolumeClaim" else None
        )
        if found and claim:
            scope = metric.labels.get("namespace") or metric.about.namespace or world.snapshot.namespace
            what = f"{found['what']}_ratio" if metric.unit == "ratio" else found["what"]
            values[Subject("PersistentVolumeClaim", scope, claim)][what] = (metric.value, index)
    yield from (Fill(claim, held) for claim, held in sorted(values.items()))


class Complaint(NamedTuple):
    """A line about files, from whom, and the claim on which they are; None where nobody can tell."""

    pod: Pod
    container: Container
    line: Line
    claim: Subject | None


def written(world: World, pattern: str, hint: str = "") -> Iterator[Complaint]:
    """Yield the current complaints that match, with the claim on which the files that they name are.

    A line that names no path is taken for the pod's only claim, where it has only one. `hint` is as for `complaints`.
    """
    for pod, container, line in complaints(world, pattern, hint):
        if not bothers(world, container, line):
            continue
        mounted = _mounted(pod, container)
        named = [claim for path, claim in mounted if f"{path.rstrip('/')}/" in f"{line.text} "]
        alone = claims_of(pod)[0] if len(claims_of(pod)) == 1 and not re.search(r"\s['\"]?/\w", line.text) else None
        yield Complaint(pod, container, line, named[0] if named else alone)


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
