"""An image that is not pulled, for a reason that nobody recorded."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import unpulled
from tocsin.investigation.diagnosis.world import World


@cause("image", needs=("Pod",), own=False)
def image_pull_failing(world: World) -> Iterator[Finding]:
    """An image cannot be pulled, and the registry's answer was not recorded.

    The kubelet tries again with growing pauses. Events with the answer expire after an hour; describing the pod while
    it tries shows a new one.

    When it is wrong: another finding about the same image knows the registry's answer.
    """
    explained = {saying.about for saying in unpulled(world)}
    for pod in world.pods:
        for container in pod.containers:
            waiting = container.waiting
            if (
                waiting
                and waiting.text("reason") in ("ErrImagePull", "ImagePullBackOff")
                and pod.subject not in explained
            ):
                yield Finding(
                    world.controller(pod),
                    f"{container.name} in {pod.name} cannot start: {container.image} is not pulled",
                    cites=[waiting.cite("reason", STRONG), container.cite("image", WEAK)],
                    remedies=[describe(pod.subject)],
                )
