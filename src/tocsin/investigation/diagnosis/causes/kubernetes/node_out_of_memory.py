"""A node that ran out of memory and killed containers."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, WEAK, Citation, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import failed
from tocsin.investigation.diagnosis.world import World, cite_event

_LATELY = timedelta(hours=1)
_TOGETHER = timedelta(minutes=5)
# The kernel's words for a container at its own limit, which node-problem-detector reports under the same reason.
_OWN_LIMIT = re.compile(r"memory cgroup out of memory", re.I)


@cause("memory", modes=("crash.oom_node",), needs=("Pod", "Node", "events"))
def node_out_of_memory(world: World) -> Iterator[Finding]:
    """A node ran out of memory, and the kernel killed a process to save the rest.

    The containers that die need not be the ones that took the memory: those without requests die first. Pods without
    a memory limit, or limits that promise more than the node has, lead there.

    When it is wrong: the container passed its own limit at the same time.
    """
    now = world.snapshot.captured_at
    for node in world.nodes:
        told = [
            event
            for event in world.events("SystemOOM", "OOMKilling", about=node.subject)
            if not _OWN_LIMIT.search(event.message) and (not now or not event.last or now - event.last < _LATELY)
        ]
        if not told:
            continue
        victims = list(_victims(world, node.name, told[0].last))
        killed = ", ".join(sorted({pod.name for pod, _, _ in victims})[:3])
        pressure = node.condition("MemoryPressure")
        yield Finding(
            node.subject,
            f"{node.name} ran out of memory: {opening(told[0].message, 100)}"
            + (f"; it killed {killed}" if killed else ""),
            cites=[
                cite_event(told[0], CONCLUSIVE),
                *(_cite(container, exit_) for _, container, exit_ in victims),
                *([pressure.cite("status", MODERATE)] if pressure and pressure.text("status") == "True" else []),
            ],
            remedies=_looks(node.subject),
        )


def _victims(world: World, node: str, at: datetime | None) -> Iterator[tuple[Pod, Container, Part]]:
    """Yield the containers on a node that were killed at about that time."""
    for pod in world.pods:
        for container in pod.containers if pod.node == node else ():
            exit_ = failed(world, pod, container)
            finished = exit_.time("finishedAt") if exit_ else None
            near = not at or not finished or abs(finished - at) < _TOGETHER
            if exit_ and near and exit_.number("exitCode") == 137:
                yield pod, container, exit_


def _cite(container: Container, exit_: Part) -> Citation:
    """Cite a kill; of a container without a limit of its own it can only have been the node."""
    bounded = container.amount("limits", "memory") is not None
    return exit_.cite("exitCode", WEAK if bounded else STRONG)


def _looks(node: Subject) -> list[Command]:
    return [
        look("top", "pods", "-A", "--sort-by=memory", of=node, purpose="see which pods use the most memory"),
        look_at_pods(node),
        look("describe", f"node/{node.name}", of=node, purpose="see requests and limits against what the node has"),
    ]
