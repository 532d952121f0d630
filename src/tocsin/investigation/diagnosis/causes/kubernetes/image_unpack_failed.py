"""An image that was pulled, and that the node could not store or read."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.pods.registry import pulls
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World


@cause("image", modes=("image.inspect_or_corrupt",), needs=("Pod",))
def image_unpack_failed(world: World) -> Iterator[Finding]:
    """A node cannot unpack or read an image: its disk is full, or what it stored is damaged.

    The registry did its part. Other nodes can run the same image, so it is the node that needs care: free its disk,
    or let it fetch the image anew.

    When it is wrong: the image itself is damaged; then it fails on every node.
    """
    for pull in pulls(world, "broken"):
        node = pull.saying.pod.node if pull.saying.pod else ""
        yield Finding(
            _place(node, pull.saying.controller),
            f"{node or 'the node'} cannot unpack {pull.container.image} for {pull.saying.about.name}: "
            f"{ending(pull.saying.text)}",
            cites=[pull.saying.weighing(CONCLUSIVE)],
            remedies=_looks(node, pull.saying.about),
        )
    for pod in world.pods:
        for container in pod.containers:
            waiting = container.waiting
            if waiting and waiting.text("reason") == "ImageInspectError":
                yield Finding(
                    _place(pod.node, world.controller(pod)),
                    f"{pod.node} cannot read {container.image}, which it stores, for {pod.name}",
                    cites=[waiting.cite("reason", CONCLUSIVE), container.cite("image", STRONG)],
                    remedies=_looks(pod.node, pod.subject),
                )


def _place(node: str, controller: Subject) -> Subject:
    return Subject("Node", "", node) if node else controller


def _looks(node: str, pod: Subject) -> list[Command]:
    if not node:
        return [describe(pod)]
    there = Subject("Node", "", node)
    return [
        look("describe", f"node/{node}", of=there, purpose="see DiskPressure and ImageGCFailed among its events"),
        look_at_pods(there, f"see whether other pods on {node} fail as well"),
    ]
