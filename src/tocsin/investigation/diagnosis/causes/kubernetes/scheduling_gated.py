"""A pod that is not to be scheduled yet, because a gate on it was never lifted."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.reading.storage.claims import waited
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World

# Gates are for waiting; less than this is what they are for.
_LONG = timedelta(minutes=5)


@cause("scheduling", modes=("sched.gated",), needs=("Pod",))
def scheduling_gated(world: World) -> Iterator[Finding]:
    """The pod has a scheduling gate, and the scheduler does not look at it until somebody takes the gate off.

    Gates are set by a webhook or queue (Kueue, a cost control) that wants to prepare something first. When that is
    down, or has no quota left for the pod, the pod waits without an event.

    When it is wrong: the queue works as intended, and the pod's turn has not come.
    """
    for pod in world.pods:
        gates = [gate for gate in pod.parts("spec/schedulingGates") if gate.text("name")]
        if gates and not pod.node and not pod.leaving and waited(world, pod, _LONG):
            named = ", ".join(gate.text("name") for gate in gates)
            yield Finding(
                world.controller(pod),
                f"{pod.name} is not scheduled: its gate {named} was not taken off",
                cites=[gate.cite("name", CONCLUSIVE) for gate in gates],
                remedies=[
                    look("get", "pod", pod.name, "-o", "yaml", of=pod.subject, purpose="see who set the gate, and when")
                ],
            )
