"""Ports on which containers say that they listen, and those on which the kubelet asks them with success."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK, Citation
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reading.pods.probing import port, way
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World

# As servers word it when they start: "listening on :8080", "started on port(s): 8080", "running on http://0.0.0.0:8000".
_LISTENS = re.compile(
    r"(?i)\b(?:listen(?:ing|s)?|serving|started|running|bound|accepting connections)\b[^\n]{0,60}?"
    r"(?:\bport(?:\(s\))?[\"']?\s*[:=]?\s*[\"']?|(?:(?<=[\s=\"'])|0\.0\.0\.0|127\.0\.0\.1|\[::1?\]|::|\blocalhost|\*):)(?P<port>\d{2,5})\b"
)
# Servers say it once, when they start.
_START = 300


class Listening(NamedTuple):
    """A port on which a container listens, with the citation that says so."""

    port: int
    cite: Citation


def listening(world: World, pod: Pod) -> Iterator[Listening]:
    """Yield the ports on which a pod's containers surely listen: as they logged it, or as a passed probe shows."""
    for container in pod.containers:
        if container.init:
            continue
        yield from _passed(container)
        key = pod.log_of(container.name)
        log = world.snapshot.logs.get(key)
        for number, text in enumerate(log.lines("current")[:_START] if log else (), 1):
            if found := _LISTENS.search(text[:300]):
                yield Listening(int(found["port"]), Line(text, key, "current", number).cite(MODERATE))


def _passed(container: Container) -> Iterator[Listening]:
    """Yield the port of a readiness probe while the container is ready."""
    probe = container.spec.part("readinessProbe")
    asked = port(container, probe) if probe and container.ready else None
    if probe and asked:
        yield Listening(asked, probe.cite(f"{way(probe)}/port", WEAK))
