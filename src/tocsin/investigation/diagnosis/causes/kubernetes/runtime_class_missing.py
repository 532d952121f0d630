"""A runtime class that pods shall run under and that the cluster, or the node, does not have."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World, cite_event

_ABSENT = re.compile(r'RuntimeClass "(?P<name>[^"]+)" not found')
_NO_RUNTIME = re.compile(r'no runtime for "(?P<name>[^"]+)" is configured')


@cause("admission", modes=("admit.runtimeclass",))
def runtime_class_missing(world: World) -> Iterator[Finding]:
    """The pods name a runtime class that does not exist, or whose runtime is not set up on the node.

    A runtime class picks what runs the containers (gVisor, Kata, an accelerator's own). The class is one thing, the
    runtime's configuration on each node another; either may be missing.

    When it is wrong: the class was made a moment ago; controllers and kubelets try again by themselves.
    """
    for saying in uncreated(world):
        found = _ABSENT.search(saying.text)
        if found and world.inventory.get(Subject("RuntimeClass", "", found["name"])) is None:
            text = f"no pod of {saying.controller.name} can be made: runtime class {found['name']} does not exist"
            yield Finding(saying.controller, text, [saying.weighing(CONCLUSIVE)], _looks(saying.controller))
    for pod in world.pods:
        for event in world.events("FailedCreatePodSandBox", about=pod.subject) if not pod.ready else ():
            if found := _NO_RUNTIME.search(event.message):
                text = f"{pod.name} cannot start: runtime {found['name']} is not configured on {pod.node}"
                yield Finding(
                    world.controller(pod), text, [cite_event(event, CONCLUSIVE)], _looks(world.controller(pod))
                )


def _looks(workload: Subject) -> list[Command]:
    return [
        look("get", "runtimeclasses", of=workload, purpose="see which classes there are, and their handlers"),
        *rollback(workload),
    ]
