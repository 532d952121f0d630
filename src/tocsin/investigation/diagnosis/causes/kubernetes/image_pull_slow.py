"""An image that takes long to be pulled."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.world import World, cite_event

_LONG = timedelta(minutes=5)
_ENDS = ("Pulled", "Failed", "Created", "Started", "FailedMount", "FailedCreatePodSandBox")


@cause("image", modes=("image.slow_pull",), needs=("Pod", "events"))
def image_pull_slow(world: World) -> Iterator[Finding]:
    """A container waits because its image is still being pulled, for minutes now.

    The image is large, the node is new and has none of its layers, or the registry is slow. A kubelet that pulls one
    image at a time also makes small images wait behind a large one.

    When it is wrong: it is nearly done, and the container starts in a moment.
    """
    now = world.snapshot.captured_at
    for pod in world.pods:
        for container in pod.containers:
            waiting = container.waiting
            if not now or not waiting or waiting.text("reason") not in ("ContainerCreating", "PodInitializing"):
                continue
            begun = _pulling(world, pod, container)
            if begun and begun.last and now - begun.last > _LONG:
                yield Finding(
                    world.controller(pod),
                    f"{container.name} in {pod.name} waits: {pod.node} pulls {container.image} since {ago(begun.last, now)}",
                    cites=[cite_event(begun, STRONG), waiting.cite("reason", MODERATE)],
                    remedies=[
                        describe(pod.subject),
                        look(
                            *("get", "events", "-A", "--field-selector=reason=Pulled"),
                            of=pod.subject,
                            purpose="see how long other pulls took, and how large the images are",
                        ),
                    ],
                )


def _pulling(world: World, pod: Pod, container: Container) -> StoredEvent | None:
    """Return the event that began a pull after which nothing else was told of the pod."""
    begun = next(world.events("Pulling", about=pod.subject), None)
    ended = next(world.events(*_ENDS, about=pod.subject), None)
    if not begun or f'"{container.image}"' not in begun.message:
        return None
    return None if ended and ended.last and begun.last and ended.last >= begun.last else begun
