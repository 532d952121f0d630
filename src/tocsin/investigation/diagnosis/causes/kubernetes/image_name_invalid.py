"""An image reference that is none."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reading.workloads.revisions import former_image
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback, set_image
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.world import World


@cause("image", modes=("image.invalid_name",), needs=("Pod",))
def image_name_invalid(world: World) -> Iterator[Finding]:
    """The image's name cannot be read: nobody was even asked for it.

    A template was not filled in ("{{ .Values.tag }}"), a variable was empty ("shop/cart:"), or the name has capital
    letters, of which registries know none.

    When it is wrong: hardly ever; the kubelet itself refuses the name.
    """
    for pod in world.pods:
        for container in pod.containers:
            waiting = container.waiting
            if waiting and waiting.text("reason") == "InvalidImageName":
                yield Finding(
                    world.controller(pod),
                    f"{container.name} in {pod.name} cannot start: “{container.image}” is no image name{_why(container)}",
                    cites=[waiting.cite("reason", CONCLUSIVE), container.cite("image", STRONG)],
                    remedies=[*_remedies(world, world.controller(pod), container), describe(pod.subject)],
                )


def _why(container: Container) -> str:
    image = container.image
    if any(mark in image for mark in ("{", "$", "<", "%")):
        return ", a template that was not filled in"
    if image.endswith((":", "@")) or ":@" in image:
        return ", its tag is empty"
    return ", it has capital letters" if _name(image) != _name(image).lower() else ""


def _name(image: str) -> str:
    """Return the reference without its tag, which alone may have capital letters."""
    head, slash, last = image.rpartition("/")
    return head + slash + last.partition(":")[0]


def _remedies(world: World, controller: Subject, container: Container) -> tuple[Command, ...]:
    former = former_image(world.inventory, controller, container.name, container.image)
    return set_image(controller, container.name, container.image, former) if former else rollback(controller)
