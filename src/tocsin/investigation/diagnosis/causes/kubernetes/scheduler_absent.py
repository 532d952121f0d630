"""A pod that names a scheduler which does not run."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reading.storage.claims import waited
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import overlooked
from tocsin.investigation.diagnosis.world import World

_DEFAULT = "default-scheduler"
# A scheduler answers within seconds.
_UNSEEN = timedelta(minutes=1)


@cause("scheduling", modes=("sched.no_scheduler",), needs=("Pod",))
def scheduler_absent(world: World) -> Iterator[Finding]:
    """A pod names a scheduler of its own, which has not said a word about it.

    The name is mistyped, or that scheduler was never installed or is down. No other scheduler looks at the pod, so it
    waits without an event.

    When it is wrong: the pod was made seconds ago, and its scheduler has not come to it.
    """
    for pod in overlooked(world):
        name = pod.text("spec/schedulerName")
        at_work = any(other.node and other.text("spec/schedulerName") == name for other in world.pods)
        if name not in ("", _DEFAULT) and not at_work and waited(world, pod, _UNSEEN):
            yield Finding(
                world.controller(pod),
                f"{pod.name} waits for scheduler {name}, which has placed no pod here and said nothing about this one",
                cites=[pod.cite("spec/schedulerName", CONCLUSIVE), pod.cite("status/conditions", MODERATE)],
                remedies=[look("get", "pods", "-A", of=pod.subject, purpose=f"see whether anything runs as {name}")],
            )
