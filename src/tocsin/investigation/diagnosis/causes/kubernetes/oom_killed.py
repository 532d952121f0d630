"""A container was killed for its memory."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, WEAK
from tocsin.investigation.diagnosis.remedies.resources import raise_memory_limit
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import ended
from tocsin.investigation.diagnosis.world import World, cite_event

_KILLED = re.compile(r"OOM-?killed", re.I)


@cause("memory", needs=("Pod",))
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
                f"a container of {event.about.name} was killed for memory: {event.message[-120:].strip()}",
                cites=[cite_event(event, CONCLUSIVE)],
                remedies=[describe(event.about)],
            )
    for pod in world.pods:
        for container in pod.containers:
            exit_ = ended(world, container)
            if not exit_ or exit_.text("reason") != "OOMKilled":
                continue
            limit = container.spec.text("resources/limits/memory")
            at = f"at its limit of {limit}" if limit else "without a limit of its own"
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} was killed for memory {at}, {container.restarts} restarts so far",
                cites=[exit_.cite("reason", CONCLUSIVE), container.cite("resources/limits/memory", WEAK)],
                remedies=raise_memory_limit(world.controller(pod), container) if limit else (),
            )
