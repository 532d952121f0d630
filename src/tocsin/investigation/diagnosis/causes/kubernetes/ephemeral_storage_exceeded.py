"""A pod that wrote more to its node's disk than it may."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.resources import raise_storage_limit
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.symptoms import replaced
from tocsin.investigation.diagnosis.world import World

_EXCEEDED = re.compile(
    r"ephemeral local storage usage exceeds the total limit of containers (?P<total>\S+)"
    r'|Container (?P<container>\S+) exceeded its local ephemeral storage limit "(?P<limit>[^"]+)"'
    r'|Usage of EmptyDir volume "(?P<volume>[^"]+)" exceeds the limit "(?P<size>[^"]+)"'
)


@cause("eviction", modes=("pod.evicted_local_storage",), needs=("Pod",))
def ephemeral_storage_exceeded(world: World) -> Iterator[Finding]:
    """A pod wrote more to its node's disk than its own limit allows, and was evicted for it.

    Logs, files in the container and emptyDir volumes count. The limit is the pod's own: the node may have room. It
    comes back with the files that made it grow.

    When it is wrong: the limit was set too low for what the program always writes.
    """
    for pod in world.pods:
        found = _EXCEEDED.search(pod.text("status/message")) if pod.evicted else None
        if found and not replaced(pod, world.inventory):
            controller = world.controller(pod)
            yield Finding(
                controller,
                f"{pod.name} was evicted: {_told(found)}",
                cites=[pod.cite("status/message", CONCLUSIVE)],
                remedies=[*_raised(world, pod, found["container"]), describe(controller)],
            )


def _told(found: re.Match[str]) -> str:
    if found["volume"]:
        return f"its emptyDir {found['volume']} grew over {found['size']}"
    if found["container"]:
        return f"{found['container']} wrote more than its limit of {found['limit']} to the node's disk"
    return f"its containers wrote more than {found['total'].rstrip('.')} to the node's disk"


def _raised(world: World, pod: Pod, name: str | None) -> Iterator[Command]:
    workload = world.workload(pod.subject)
    for container in workload.containers if workload else ():
        if container.name == name:
            yield from raise_storage_limit(world.controller(pod), container)
