"""A container was killed for its memory."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, WEAK, Part
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.quantity import bytes_text
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.resources import heap_wanted, raise_memory_limit
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import failed
from tocsin.investigation.diagnosis.world import World, cite_event

_KILLED = re.compile(r"OOM-?killed", re.I)


@cause("memory", modes=("crash.oom_limit",), needs=("Pod",))
def oom_killed(world: World) -> Iterator[Finding]:
    """The kernel killed a container that passed its memory limit.

    A container may use memory up to its limit; at the limit the kernel kills it at once, and Kubernetes starts it
    anew. It returns with the load that made the memory grow.

    When it is wrong: the node ran out of memory, and this container was only the victim.
    """
    for event in world.events("OOMKilled", "FailedCreatePodSandBox", "Failed"):
        if event.reason == "OOMKilled" or _KILLED.search(event.message):
            yield Finding(
                world.controller(event.about),
                f"a container of {event.about.name} was killed for memory: {ending(event.message)}",
                cites=[cite_event(event, CONCLUSIVE)],
                remedies=[describe(event.about)],
            )
    for (controller, _), kills in sorted(_kills(world).items(), key=lambda item: item[0]):
        limit = kills[0].container.spec.text("resources/limits/memory")
        weight = CONCLUSIVE if limit else MODERATE
        yield Finding(
            controller,
            _told(controller.name, kills, limit),
            cites=[
                cite
                for _, container, exit_ in kills
                for cite in (
                    exit_.cite("reason", weight),
                    container.cite("resources/limits/memory", WEAK),
                )
            ],
            remedies=raise_memory_limit(controller, kills[0].container) if limit else (),
            contributing=_heap(kills[0].container, limit),
        )


def _heap(container: Container, limit: str) -> list[str]:
    """Say so where a runtime is told to take more than its container may have."""
    heap, most = heap_wanted(container), container.amount("limits", "memory")
    fits = heap is None or most is None or heap * 5 < most * 4
    return (
        [] if fits else [f"{container.name} is told to take a heap of {bytes_text(heap or 0)}, with a limit of {limit}"]
    )


class _Kill(NamedTuple):
    pod: Pod
    container: Container
    exit: Part


def _kills(world: World) -> Mapping[tuple[Subject, str], list[_Kill]]:
    """Return the kills by workload and container, of the most restarts first."""
    kills: dict[tuple[Subject, str], list[_Kill]] = defaultdict(list)
    for pod in world.pods:
        for container in pod.containers:
            exit_ = failed(world, pod, container)
            if exit_ and exit_.text("reason") == "OOMKilled":
                kills[world.controller(pod), container.name].append(_Kill(pod, container, exit_))
    return {at: sorted(held, key=lambda kill: -kill.container.restarts) for at, held in kills.items()}


def _told(workload: str, kills: list[_Kill], limit: str) -> str:
    first, *others = kills
    restarts = first.container.restarts
    its, often = ("their", f"up to {restarts} restarts") if others else ("its", f"{restarts} restarts so far")
    what = f"{len(kills)} pods of {workload} were" if others else f"{first.container.name} in {first.pod.name} was"
    where = f"at {its} limit of {limit}" if limit else f"without a limit of {its} own"
    return f"{what} killed for memory {where}, {often}"
