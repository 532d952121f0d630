"""A workload that is kept from the CPU by its own limit."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK, Citation, cut
from tocsin.investigation.diagnosis.reading.load.measurements import busier, throttled
from tocsin.investigation.diagnosis.reading.load.propagation import callers, troubles, waits
from tocsin.investigation.diagnosis.reading.load.usage import usages
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.resources import raise_cpu_limit
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

# The alert of the Kubernetes mixin that measures it: by its labels, or as its description words them.
_ALERT = "CPUThrottlingHigh"
_TOLD = re.compile(
    r"throttling of CPU in namespace (?P<namespace>\S+) for container (?P<container>\S+) in pod (?P<pod>[\w.-]*\w)"
)

_NEARLY = Fraction(9, 10)


@cause("cpu", modes=("cpu.throttle",), needs=("metrics",))
def cpu_throttled(world: World) -> Iterator[Finding]:
    """A workload answers slowly because its CPU limit holds it back.

    In each tenth of a second a container may use so much CPU as its limit allows; then it stands still until the next
    one begins. Requests wait, although the node may have CPU to spare.

    When it is wrong: it uses more CPU because something else makes it work harder; a higher limit only moves the wait.
    """
    held_up, harder = troubles(world), {of.workload: of for of in busier(world)}
    for held in throttled(world):
        own, work = held_up.get(held.workload), harder.get(held.workload)
        waiting = [*([own] if own else []), *callers(world, held_up, held.workload)]
        slower = next((other for other in waiting if other.slow and waits(other, held, bool(work))), None)
        if not slower:
            continue
        told = slower.slow[0]
        weight = STRONG if slower is own else MODERATE if work else WEAK
        workload, times = world.workload(held.workload), f"{told.ratio:.0f} times its usual time"
        yield Finding(
            held.workload,
            f"{held.workload.name} is held back by its CPU limit; {told.subject.name} takes {times}",
            cites=[
                held.cite(weight),
                told.cite(weight),
                *([work.cite(MODERATE)] if work else []),
                *_at_limit(world, held.workload),
            ],
            remedies=raise_cpu_limit(held.workload, workload.containers) if workload else (),
        )
    yield from _alerted(world)


def _at_limit(world: World, workload: Subject) -> Iterator[Citation]:
    """Cite the containers that use nearly all that their own limit allows."""
    pods = {pod.subject: pod for pod in world.pods_of(workload)}
    for use in usages(world, "cpu"):
        for container in pods[use.pod].containers if use.pod in pods else ():
            limit = container.amount("limits", "cpu") if container.name == use.container else None
            if limit and use.amount >= _NEARLY * limit:
                yield replace(use.cite, weight=MODERATE)


def _alerted(world: World) -> Iterator[Finding]:
    """Yield what an alert measured, where the container has a limit that can hold it back."""
    alert = world.snapshot.alert
    told = _TOLD.search(alert.title)
    named = told.groupdict() if told else alert.labels if alert.labels.get("alertname") == _ALERT else {}
    pod = world.get("Pod", named.get("namespace", ""), named["pod"]) if named.get("pod") else None
    for container in pod.containers if isinstance(pod, Pod) else ():
        limit = container.amount("limits", "cpu")
        if container.name == named.get("container") and limit:
            workload = world.workload(pod.subject) if pod else None
            measured = Citation("alert#/title", cut(alert.title), STRONG, container.spec.subject)
            yield Finding(
                world.controller(container.spec.subject),
                f"{container.name} in {container.spec.subject.name} is held back by its CPU limit of "
                f"{container.spec.get('resources/limits/cpu')}, as the alert measured",
                cites=[measured, container.cite("resources/limits/cpu", WEAK)],
                remedies=raise_cpu_limit(workload.subject, workload.containers) if workload else (),
            )
