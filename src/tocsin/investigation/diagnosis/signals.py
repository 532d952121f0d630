"""What the components of a cluster say about a failure, wherever it was stored: in a status, an event or a log."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation, Part
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Pod, Resource, Workload
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.symptoms import replaced
from tocsin.investigation.diagnosis.world import World, cite_event

# An end that long ago, of a container that serves again, is history.
_HISTORY = timedelta(hours=6)
_OFTEN, _FAR = 2, 3
_STEADY, _LATELY = timedelta(minutes=15), timedelta(hours=1)
# What a container that serves complained of so long ago is over; and so its program marks what it gets over.
_OVER = timedelta(minutes=10)
_MILD = re.compile(r"\b(?:WARN(?:ING)?|INFO|NOTICE|DEBUG|TRACE|warn(?:ing)?|info|debug|trace)\b")
_REPEATED = timedelta(minutes=3)
# Words with which a program says why it gives up.
GIVES_UP = r"(?i)\b(?:error|exception|fatal|panic|traceback|undefined|not set|required|missing|cannot|could not|failed|denied)\b"
_CONTROL_PLANE = re.compile(
    r"\b(\d{1,6}) node\(s\) had (?:untolerated )?taint \{node-role\.kubernetes\.io/(?:control-plane|master):"
)


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
    heard = set()
    for pod in waiting.values():
        told = pod.condition("PodScheduled")
        if told and told.text("status") == "False" and told.text("message"):
            heard.add(pod.subject)
            yield Saying(pod.subject, world.controller(pod), told.text("message"), told.cite("message"), pod)
    for saying in _latest(world, "FailedScheduling"):
        known = world.inventory.get(saying.about)
        if saying.about not in heard and (known is None or saying.about in waiting):
            heard.add(saying.about)
            yield replace(saying, pod=waiting.get(saying.about))


def overlooked(world: World) -> Iterator[Pod]:
    """Yield the pods that wait for a node and of which no scheduler has said a word."""
    told = {saying.about for saying in unscheduled(world)}
    for pod in world.pods:
        waiting = pod.phase in ("", "Pending") and not pod.node and not pod.leaving and pod.subject not in told
        condition = pod.condition("PodScheduled") if waiting else None
        said = condition and (condition.text("reason") or condition.text("message"))
        quiet = waiting and not said and not any(pod.parts("spec/schedulingGates"))
        if quiet and not any(world.events("FailedScheduling", "Scheduled", about=pod.subject)):
            yield pod


def nodes_refusing(text: str, phrase: str) -> float:
    """Return the share of nodes for which the scheduler gives a reason; 0 when it does not give it.

    Its message counts them: "0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu. preemption: …".
    Control plane nodes keep pods away as a rule, so they do not count.
    """
    reasons = text.partition("preemption:")[0]
    total = re.match(r"0/(\d{1,6}) nodes are available", reasons)
    counted = [int(number) for number in re.findall(rf"\b(\d{{1,6}}) (?:node\(s\) )?(?:{phrase})", reasons)]
    if not counted:
        return 1.0 if re.search(phrase, reasons) else 0.0
    aside = sum(map(int, _CONTROL_PLANE.findall(reasons)))
    return min(sum(counted) / max(int(total[1]) - aside, 1), 1.0) if total else 1.0


def uncreated(world: World) -> Iterator[Saying]:
    """Yield why the API server refused pods that controllers wanted to make and that are still not there.

    Events are forgotten after an hour; then the condition of what wanted to make them still tells.
    """
    heard = set()
    for saying in _latest(world, "FailedCreate"):
        if saying.about.kind != "Pod" and not _complete(world.inventory.get(saying.about)):
            heard.add(saying.controller)
            yield saying
    for maker in (*world.inventory.of("ReplicaSet"), *world.workloads):
        told = maker.condition("ReplicaFailure")
        controller = world.controller(maker.subject)
        failing = told and told.text("status") == "True" and not _complete(maker)
        if told and failing and told.text("message") and controller not in heard:
            heard.add(controller)
            yield Saying(maker.subject, controller, told.text("message"), told.cite("message"))


def _complete(maker: Resource | None) -> bool:
    """Tell whether a controller has all the pods that it wants; unknown, and so not, where it does not say."""
    if not isinstance(maker, Workload):
        return False
    if maker.kind == "Job":
        return bool(maker.number("status/active") or maker.number("status/succeeded"))
    made = maker.number("status/currentNumberScheduled" if maker.kind == "DaemonSet" else "status/replicas")
    return made is not None and made >= maker.desired


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


def unprobed(world: World) -> Iterator[tuple[Pod, Container, str, Saying]]:
    """Yield failing probes that matter: the container, the probe's field and what the kubelet said.

    A readiness or startup probe matters while the container is not ready, a liveness probe once it had a container
    killed; others failed while something was starting.
    """
    for pod in (held for held in world.pods if not held.leaving):
        for event in world.events("Unhealthy", about=pod.subject):
            field = f"{event.message.partition(' ')[0].lower()}Probe"
            named = str(event.value.get("involvedObject", {}).get("fieldPath", ""))
            saying = Saying(pod.subject, world.controller(pod), event.message, cite_event(event), pod)
            for container in pod.containers:
                matters = (
                    container.restarts > 0
                    if field == "livenessProbe"
                    else not container.ready and _goes_on(event, world)
                )
                if matters and container.spec.part(field) and (not named or f"{{{container.name}}}" in named):
                    yield pod, container, field, saying


def _goes_on(event: StoredEvent, world: World) -> bool:
    """Tell whether a failure was reported until the end; one reported only at a start is over."""
    now = world.snapshot.captured_at
    return not now or not event.last or now - event.last < _REPEATED


def ended(world: World, container: Container) -> Part | None:
    """Return how a container ended, unless it serves again and the end is history."""
    exit_ = container.last_exit
    at = exit_.time("finishedAt") if exit_ else None
    if container.ready and world.snapshot.beyond(at, _HISTORY):
        return None
    return exit_


def failed(world: World, pod: Pod, container: Container) -> Part | None:
    """Return how a container ended, unless that is over: the pod is done or made up for, or the container serves again."""
    if pod.leaving or pod.evicted or pod.phase == "Succeeded" or replaced(pod, world.inventory):
        return None
    exit_ = ended(world, container)
    return None if exit_ and container.ready and _over(exit_, container, world.snapshot.captured_at) else exit_


def _over(exit_: Part, container: Container, now: datetime | None) -> bool:
    """Tell whether a container serves again for good: it ended once, a while ago, or lives far longer than before."""
    began, at = exit_.time("startedAt"), exit_.time("finishedAt")
    if not now or not at:
        return container.restarts < _OFTEN
    lived = at - began if began else timedelta()
    longer = now - at > max(_STEADY, _FAR * lived)
    return longer or (container.restarts < _OFTEN and now - at > _LATELY)


def last_words(world: World, pod: Pod, container: str, pattern: str) -> Line | None:
    """Return the last line of a container's logs that complains and matches, looking at the run before first."""
    compiled = re.compile(pattern)
    runs = (world.complaints(pod, container, run) for run in ("previous", "current"))
    return next((line for lines in runs for line in reversed(lines) if compiled.search(line.text)), None)


def complaints(world: World, pattern: str, hint: str = "") -> Iterator[tuple[Pod, Container, Line]]:
    """Yield the last matching line of each container whose log has a current one, with its pod; other lines are history.

    `hint` is a simpler pattern, found in whatever the other matches: it spares looking where nothing of the kind is.
    """
    compiled = re.compile(pattern)
    for pod, container, lines in world.complaining(re.compile(hint or pattern, re.MULTILINE)):
        if line := next((line for line in reversed(lines) if compiled.search(line.text)), None):
            yield pod, container, line


def bothers(world: World, container: Container, line: Line) -> bool:
    """Tell whether a complaint may say why something is wrong now.

    From a container that serves, a mere warning or what it said some minutes ago does not: it got over that.
    """
    if not container.ready:
        return True
    return not _MILD.search(line.text) and not world.snapshot.beyond(line.at, _OVER)


def cite_complaint(container: Container, line: Line) -> Citation:
    """Cite a complaint; from a container that serves it is weaker: applications get over most of them."""
    return line.cite(STRONG if container.ready else CONCLUSIVE)


def complaint_cites(container: Container, line: Line) -> list[Citation]:
    """Cite a complaint, and with that of a container that does not serve how it ended."""
    return [cite_complaint(container, line)] if container.ready else crash_cites(container, line)


def crash_cites(container: Container, line: Line) -> list[Citation]:
    """Cite a line that tells why, and the end that it explains; of a container that serves it may be a mere warning."""
    exit_ = container.last_exit
    ends = [exit_.cite("exitCode", MODERATE)] if exit_ and exit_.get("exitCode") else []
    return [line.cite(MODERATE if container.ready and not ends else CONCLUSIVE), *ends]


def _latest(world: World, *reasons: str) -> Iterator[Saying]:
    told: set[tuple[Subject, str]] = set()
    for event in world.events(*reasons):
        if (event.about, event.message) not in told:
            told.add((event.about, event.message))
            yield Saying(event.about, world.controller(event.about), event.message, cite_event(event, MODERATE))
