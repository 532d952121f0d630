"""A running pod that was given other resources, which its node cannot give."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_LONG = timedelta(minutes=30)


@cause("scheduling", modes=("sched.resize",), needs=("Pod",))
def resize_impossible(world: World) -> Iterator[Finding]:
    """A running pod was to get more CPU or memory in place, and its node cannot give it.

    The pod runs on with what it had. "Infeasible" means that the node is too small for it; "Deferred" that others have
    the room for now.

    When it is wrong: the resize was a wish of an autoscaler, and the pod does well with what it has.
    """
    for pod in world.pods:
        told = pod.condition("PodResizePending")
        if not told or told.text("status") != "True":
            continue
        long = world.snapshot.beyond(told.time("lastTransitionTime"), _LONG)
        if told.text("reason") == "Infeasible" or (told.text("reason") == "Deferred" and long):
            yield Finding(
                world.controller(pod),
                f"{pod.name} cannot be resized on {pod.node}: {opening(told.text('message')) or told.text('reason')}",
                cites=[told.cite("reason", CONCLUSIVE if told.text("reason") == "Infeasible" else MODERATE)],
                remedies=[describe(pod.subject)],
            )
