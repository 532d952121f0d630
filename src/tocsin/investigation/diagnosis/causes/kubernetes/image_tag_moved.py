"""Replicas that run different images under one name."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import set_image
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World

_Held = tuple[Pod, Container]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cause("image", modes=("image.mutable_tag",), needs=("Pod",))
def image_tag_moved(world: World) -> Iterator[Finding]:
    """A tag was pushed anew: pods of one workload run different images under the same name, and only some are well.

    A tag is a label that may be moved. Pods that start later, or on another node, get what it names then, without a
    rollout and without a revision to go back to. A digest (name@sha256:…) names one image for ever.

    When it is wrong: nodes of different architecture show different digests of the same image.
    """
    for (controller, name, image), held in sorted(_by_image(world).items(), key=lambda item: item[0]):
        well = {_digest(container): (pod, container) for pod, container in held if pod.ready}
        ill = [(pod, container) for pod, container in held if not pod.ready and _digest(container) not in well]
        if not well or not ill or any(not pod.ready for pod, container in held if _digest(container) in well):
            continue
        good, (pod, container) = _newest(well), ill[0]
        yield Finding(
            controller,
            f"{image} is not the same image everywhere: {pod.name}, which fails, runs {_short(container)}, "
            f"{good[0].name}, which is well, {_short(good[1])}",
            cites=[_cite(container, CONCLUSIVE), _cite(good[1], STRONG), pod.cite("status/phase", STRONG)],
            remedies=_remedies(controller, name, image, good[1]),
        )


def _by_image(world: World) -> Mapping[tuple[Subject, str, str], list[_Held]]:
    found: dict[tuple[Subject, str, str], list[_Held]] = defaultdict(list)
    for pod in world.pods:
        for container in pod.containers:
            if "@sha256:" in _digest(container) and "@" not in container.image:
                found[world.controller(pod), container.name, container.image].append((pod, container))
    return {key: held for key, held in found.items() if len({_digest(container) for _, container in held}) > 1}


def _digest(container: Container) -> str:
    return container.status.text("imageID").rpartition("://")[2] if container.status else ""


def _short(container: Container) -> str:
    return _digest(container).rpartition("@")[2][:19]


def _newest(well: Mapping[str, _Held]) -> _Held:
    return max(well.values(), key=lambda held: (held[0].created or _EPOCH, held[0].subject))


def _cite(container: Container, weight: float) -> Citation:
    return (container.status or container.spec).cite("imageID", weight)


def _remedies(controller: Subject, name: str, image: str, good: Container) -> list[Command]:
    columns = "custom-columns=POD:.metadata.name,IMAGE:.status.containerStatuses[*].imageID,START:.status.startTime"
    seen = look("get", "pods", "-o", columns, of=controller, purpose="see which pod runs which image")
    return [*set_image(controller, name, image, _digest(good)), seen]
