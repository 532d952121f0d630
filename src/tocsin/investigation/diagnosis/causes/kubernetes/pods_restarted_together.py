"""Pods of one node whose sandboxes were all made anew."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.asked import asked_about_node
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.world import World, cite_event

_LATELY = timedelta(hours=1)


@cause("node", modes=("pod.restart_by_node",), needs=("Pod", "events"))
def pods_restarted_together(world: World) -> Iterator[Finding]:
    """Several pods of one node lost their sandbox at the same time, and were started anew.

    A sandbox is the frame of a pod: its network and its namespaces. They go all at once when the container runtime is
    restarted, or the machine. None of the applications did anything to be restarted for.

    When it is wrong: their sandboxes fail one by one, because the network plugin cannot set them up. Where all are back,
    it is told only to who asks.
    """
    changed: dict[str, list[tuple[Pod, StoredEvent]]] = defaultdict(list)
    for event in world.events("SandboxChanged"):
        pod = world.inventory.get(event.about)
        if isinstance(pod, Pod) and world.snapshot.within(event.last, _LATELY):
            changed[pod.node].append((pod, event))
    for name, held in sorted(changed.items()):
        node, ends = Subject("Node", "", name), [cite for pod, _ in held for cite in _ends(pod)]
        together = len({pod.subject for pod, _ in held}) > 1
        pods = [pod for pod, _ in held]
        asked = asked_about_node(world.inventory.get(node), pods, world.inventory)
        hurts = asked or not all(pod.ready for pod in pods)
        if name and together and hurts and ends and not _rebooted(world, node):
            yield Finding(
                node,
                f"{len(held)} pods on node {name} were started anew together: their sandboxes were lost",
                cites=[*(cite_event(event, STRONG) for _, event in held), *ends],
                felt_by=sorted({world.controller(pod) for pod, _ in held}),
                remedies=[describe(node), look_at_pods(node)],
            )


def _ends(pod: Pod) -> Iterator[Citation]:
    """Cite ends of which nobody knows how they came: the runtime that would tell was away too."""
    for container in pod.containers:
        ended = container.last_exit
        if ended and (ended.number("exitCode") == 255 or ended.text("reason") in ("Unknown", "ContainerStatusUnknown")):
            yield ended.cite("exitCode", MODERATE)


def _rebooted(world: World, node: Subject) -> bool:
    return any(world.events("Rebooted", about=node))
