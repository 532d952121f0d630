"""What the components of a cluster say about a failure, wherever it was stored: in a status, an event or a log."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation, Part
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Node, Pod, Workload
from tocsin.investigation.diagnosis.world import Line, World, cite_event

# An end that long ago, of a container that serves again, is history.
_HISTORY = timedelta(hours=6)
_TRAILING = 200


@dataclass(frozen=True, slots=True)
class Saying:
    """One message about an object: `pod` is stored if it was collected, `controller` is what people would change."""

    about: Subject
    controller: Subject
    text: str
    cite: Citation
    pod: Pod | None = None

    def weighing(self, weight: float) -> Citation:
        """Cite the message with a weight."""
        return replace(self.cite, weight=weight)


def unscheduled(world: World) -> Iterator[Saying]:
    """Yield the scheduler's reasons for pods that have no node: from the pod's condition, else the latest event."""
    waiting = {pod.subject: pod for pod in world.pods if not pod.node and pod.phase in ("", "Pending")}
    for pod in waiting.values():
        told = pod.condition("PodScheduled")
        if told and told.text("status") == "False" and told.text("message"):
            yield Saying(pod.subject, world.controller(pod), told.text("message"), told.cite("message"), pod)
    for saying in _latest(world, "FailedScheduling"):
        known = world.inventory.get(saying.about)
        if known is None or saying.about in waiting:
            yield replace(saying, pod=waiting.get(saying.about))


def nodes_refusing(text: str, phrase: str) -> float:
    """Return the share of nodes for which the scheduler gives a reason; 0 when it does not give it.

    Its message counts them: "0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu. preemption: …".
    """
    reasons = text.partition("preemption:")[0]
    total = re.match(r"0/(\d+) nodes are available", reasons)
    found = re.search(rf"(\d+) (?:node\(s\) )?{phrase}", reasons)
    if not found:
        return 1.0 if re.search(phrase, reasons) else 0.0
    return int(found[1]) / max(int(total[1]), 1) if total else 1.0


def uncreated(world: World) -> Iterator[Saying]:
    """Yield why the API server refused pods that controllers wanted to make and that are still not there."""
    for saying in _latest(world, "FailedCreate"):
        held = world.inventory.get(saying.about)
        made = held.number("status/replicas") if isinstance(held, Workload) else None
        if made is None or not isinstance(held, Workload) or made < held.desired:
            yield saying


def unpulled(world: World) -> Iterator[Saying]:
    """Yield what the registry or the way to it said, for containers that wait for their image."""
    for pod in world.pods:
        for container in pod.containers:
            waiting = container.waiting
            if not waiting or not re.search(r"Image|Registry|ErrImage", waiting.text("reason")):
                continue
            controller = world.controller(pod)
            if ":" in waiting.text("message").replace(container.image, ""):
                yield Saying(pod.subject, controller, waiting.text("message"), waiting.cite("message"), pod)
            for event in world.events("Failed", "InspectFailed", "FailedToRetrieveImagePullSecret", about=pod.subject):
                if re.search(r"[Ff]ailed to (pull|inspect|apply|resolve)|InvalidImageName|pull secret", event.message):
                    yield Saying(pod.subject, controller, event.message, cite_event(event), pod)


def unstarted(world: World) -> Iterator[Saying]:
    """Yield why the kubelet could not make or start a container."""
    reasons = (
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
        "StartError",
        "ContainerCannotRun",
    )
    for pod in world.pods:
        for container in pod.containers:
            for state in (container.waiting, container.last_exit):
                if state and state.text("reason") in reasons and state.text("message"):
                    yield Saying(pod.subject, world.controller(pod), state.text("message"), state.cite("message"), pod)
        if not pod.ready:
            for event in world.events("Failed", "FailedMount", "CreateContainerError", about=pod.subject):
                yield Saying(pod.subject, world.controller(pod), event.message, cite_event(event), pod)
    for saying in _latest(world, "Failed", "FailedMount", "CreateContainerError"):
        if world.inventory.get(saying.about) is None:
            yield saying


def unprobed(world: World) -> Iterator[tuple[Container, str, Saying]]:
    """Yield failing probes of stored pods: the container, the probe's field and what the kubelet said."""
    for pod in world.pods:
        for event in world.events("Unhealthy", about=pod.subject):
            field = f"{event.message.partition(' ')[0].lower()}Probe"
            named = str(event.value.get("involvedObject", {}).get("fieldPath", ""))
            for container in pod.containers:
                if container.spec.part(field) and (not named or f"{{{container.name}}}" in named):
                    yield (
                        container,
                        field,
                        Saying(pod.subject, world.controller(pod), event.message, cite_event(event), pod),
                    )


def ended(world: World, container: Container) -> Part | None:
    """Return how a container ended, unless it serves again and the end is history."""
    exit_ = container.last_exit
    at, now = exit_.time("finishedAt") if exit_ else None, world.snapshot.captured_at
    if container.ready and at and now and now - at > _HISTORY:
        return None
    return exit_


def last_words(world: World, pod: Subject, container: str, pattern: str) -> Line | None:
    """Return the last line of a container's logs that matches, looking at the run before first."""
    for run in ("previous", "current"):
        matching = [line for line in world.log(pod, container, run)[-_TRAILING:] if re.search(pattern, line.text)]
        if matching:
            return matching[-1]
    return None


def complaints(world: World, pattern: str) -> Iterator[tuple[Pod, Container, Line]]:
    """Yield the last matching line of each container whose log has one, with its pod."""
    compiled = re.compile(pattern)
    for pod in world.pods:
        for container in pod.containers:
            key = f"{pod.namespace}/{pod.name}/{container.name}"
            log = world.snapshot.logs.get(key)
            for run in ("previous", "current") if log else ():
                text = getattr(log, run)
                if text and compiled.search(text):
                    matching = [
                        line for line in world.log(pod.subject, container.name, run) if compiled.search(line.text)
                    ]
                    if matching:
                        yield pod, container, matching[-1]
                        break


def schedulable(world: World) -> Sequence[Node]:
    """Return the nodes that take ordinary pods: not cordoned, and without a control plane's taint."""
    return [node for node in world.nodes if not node.cordoned and not _control_plane(node)]


def _control_plane(node: Node) -> bool:
    return any(taint.text("key").startswith("node-role.kubernetes.io/") for taint in node.taints)


def _latest(world: World, *reasons: str) -> Iterator[Saying]:
    told: set[tuple[Subject, str]] = set()
    for event in world.events(*reasons):
        if (event.about, event.message) not in told:
            told.add((event.about, event.message))
            yield Saying(event.about, world.controller(event.about), event.message, cite_event(event, MODERATE))
