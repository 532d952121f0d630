"""A liveness probe that restarts an application which had been working."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.pods.probing import killed_at_start, mistaken, patience, way
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.probes import allow_longer, answer_later
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import failed, unprobed
from tocsin.investigation.diagnosis.world import World, cite_event

_KILLS = re.compile(r"Container (\S+) failed liveness probe, will be restarted|Killing container.*liveness")
_SHORT, _LEAST = 10, 2
_LATE = re.compile(r"deadline exceeded|timed out|timeout", re.I)
_SIGNALS = (137, 143)


@cause("probe", modes=("probe.liveness_kill",), needs=("Pod", "events"), own=False)
def liveness_probe_kills(world: World) -> Iterator[Finding]:
    """A liveness probe has a container restarted that had answered before.

    The probe asks something that takes long under load, that depends on others, or it allows a second only. Each
    restart makes things worse: the load goes to the other replicas, and caches are cold.

    When it is wrong: the application really hangs, and a restart is what helps.
    """
    for pod, container, field, saying in unprobed(world):
        probe, killed = container.spec.part(field), _killed(world, pod, container)
        if field != "livenessProbe" or not probe or not killed or container.restarts < _LEAST:
            continue
        if patience(probe) <= _SHORT or mistaken(pod, container, field, saying.text):
            continue
        if killed_at_start(pod, container, field):
            continue
        late = bool(_LATE.search(saying.text))
        same = container.spec.get(f"readinessProbe/{way(probe)}") == probe.get(way(probe))
        yield Finding(
            saying.controller,
            f"the liveness probe of {container.name} in {saying.about.name} had it killed again, {container.restarts} "
            f"restarts so far, after it had been working: {opening(saying.text.partition(': ')[2], 100)}",
            cites=[saying.weighing(MODERATE), *killed, container.cite("livenessProbe", MODERATE)],
            contributing=["it asks what the readiness probe asks, so overload restarts it as well"] if same else (),
            remedies=_remedies(world, pod, container, late),
        )


def _killed(world: World, pod: Pod, container: Container) -> list[Citation]:
    """Cite the kill: the kubelet's own word, or an end by signal while the probe was failing."""
    events = world.events("Killing", about=pod.subject)
    told = [event for event in events if (found := _KILLS.search(event.message)) and container.name in found[0]]
    exit_ = failed(world, pod, container)
    if container.last_exit and not exit_:
        return []
    signal = [exit_.cite("exitCode", MODERATE)] if exit_ and exit_.number("exitCode") in _SIGNALS else []
    return [*(cite_event(event, STRONG) for event in told[:1]), *signal]


def _remedies(world: World, pod: Pod, container: Container, late: bool) -> list[Command]:
    probe = container.spec.part("livenessProbe")
    workload = world.workload(pod.subject)
    eased = (answer_later if late else allow_longer)(workload, container.name, "livenessProbe", probe) if probe else ()
    return [*eased, read_logs(pod.subject, container.name, previous=True)]
