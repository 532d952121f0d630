"""An image that a node does not have and may not pull."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.remedies.patches import patch_container
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World


@cause("image", modes=("image.never_pull",), needs=("Pod",))
def image_never_pulled(world: World) -> Iterator[Finding]:
    """The pull policy is Never, and the node does not have the image.

    The policy is meant for images that are loaded onto nodes by hand or built there. A manifest from a laptop, or a
    new node that nobody loaded them onto, ends so.

    When it is wrong: hardly ever; the kubelet itself says so.
    """
    for pod in world.pods:
        for container in pod.containers:
            waiting = container.waiting
            if waiting and waiting.text("reason") == "ErrImageNeverPull":
                yield Finding(
                    world.controller(pod),
                    f"{container.name} in {pod.name} cannot start: {pod.node} has no {container.image}, "
                    "and its pull policy is Never",
                    cites=[waiting.cite("reason", CONCLUSIVE), container.cite("imagePullPolicy", STRONG)],
                    remedies=[
                        *patch_container(
                            world.workload(pod.subject),
                            container.name,
                            "imagePullPolicy",
                            "IfNotPresent",
                            purpose=f"let nodes pull the image of {container.name} when they lack it",
                            before=f"a registry that nodes reach has {container.image}",
                        ),
                        describe(pod.subject),
                    ],
                )
