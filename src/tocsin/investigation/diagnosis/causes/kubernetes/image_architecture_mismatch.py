"""An image that was built for another kind of processor."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.pods.registry import pulls
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.patches import patch_template
from tocsin.investigation.diagnosis.resources import Pod, Resource
from tocsin.investigation.diagnosis.signals import complaints, crash_cites, unstarted
from tocsin.investigation.diagnosis.world import World

_FORMAT = r"exec format error"


@cause("image", modes=("crash.arch_mismatch",), needs=("Pod",))
def image_architecture_mismatch(world: World) -> Iterator[Finding]:
    """The image was built for another processor architecture than the node has.

    An image built on a laptop with an ARM processor does not run on amd64 nodes, and the other way round. Images for
    several architectures, or a node selector, mend it.

    When it is wrong: the entry point is a script without its first line (#!/bin/sh), which fails in the same words.
    """
    for pull in pulls(world, "platform"):
        if pull.saying.pod:
            yield _finding(world, pull.saying.pod, pull.container.image, [pull.saying.weighing(CONCLUSIVE)])
    for saying in unstarted(world):
        if saying.pod and re.search(_FORMAT, saying.text):
            image = next((held.image for held in saying.pod.containers if not held.ready), "its image")
            yield _finding(world, saying.pod, image, [saying.weighing(CONCLUSIVE)])
    for pod, container, line in complaints(world, rf"^(?:\S+ )?(?:exec|standard_init_linux)\b.*{_FORMAT}"):
        yield _finding(world, pod, container.image, crash_cites(container, line))


def _finding(world: World, pod: Pod, image: str, cites: list[Citation]) -> Finding:
    here, elsewhere = _architecture(world, pod), _where_well(world, pod)
    name = here.text("status/nodeInfo/architecture") if here else ""
    if here and name:
        differs = elsewhere and elsewhere != name
        cites = [*cites, here.cite("status/nodeInfo/architecture", STRONG if differs else MODERATE)]
    well = f"; it runs on {elsewhere}" if elsewhere and elsewhere != name else ""
    return Finding(
        world.controller(pod),
        f"{image} cannot run on {pod.node}{f' ({name})' if name else ''}: it was built for another architecture{well}",
        cites=cites,
        remedies=_remedies(world, pod, elsewhere if well else ""),
    )


def _architecture(world: World, pod: Pod) -> Resource | None:
    return world.get("Node", "", pod.node) if pod.node else None


def _where_well(world: World, pod: Pod) -> str:
    """Return the architecture of a node on which a sibling is ready, empty when nobody can tell."""
    siblings = (other for other in world.pods_of(world.controller(pod)) if other.ready)
    nodes = (_architecture(world, other) for other in siblings)
    return next((held.text("status/nodeInfo/architecture") for held in nodes if held), "")


def _remedies(world: World, pod: Pod, architecture: str) -> list[Command]:
    workload = world.workload(pod.subject)
    seen = look(
        "get", "nodes", "-L", "kubernetes.io/arch", of=Subject("Node", "", pod.node), purpose="see what nodes have"
    )
    if not workload or not architecture:
        return [seen]
    old = dict(workload.texts("spec/template/spec/nodeSelector")) or None
    bound = patch_template(
        workload.subject,
        "nodeSelector",
        old,
        {**(old or {}), "kubernetes.io/arch": architecture},
        purpose=f"keep {workload.name} to nodes of {architecture} until the image is built for all",
        before=f"nodes of {architecture} have room for it",
    )
    return [bound, seen]
