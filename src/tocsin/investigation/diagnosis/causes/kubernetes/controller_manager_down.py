"""The controllers of the cluster do not work."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.control_plane import NAMESPACE, component, silent
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.world import World

_NAME = "kube-controller-manager"


@cause("control-plane", modes=("ctrl.kcm_down",))
def controller_manager_down(world: World) -> Iterator[Finding]:
    """The kube-controller-manager does not work: nothing is rolled out, scaled, replaced or given endpoints.

    It crashed, or its certificate is out of date. What is written into a Deployment is not carried out: its
    `observedGeneration` stays behind its `generation`. Pods that run go on.

    When it is wrong: the cloud runs the controllers out of sight, and its lease is kept elsewhere.
    """
    proof = list(silent(world, _NAME))
    behind = [workload for workload in world.workloads if _behind(workload)]
    lease = world.inventory.get(Subject("Lease", NAMESPACE, _NAME))
    if not proof or (lease is None and not behind):
        return
    lagging = f"; {', '.join(held.name for held in behind[:3])} was changed and nothing was done" if behind else ""
    yield Finding(
        component(world, _NAME),
        f"the {_NAME} is silent since {proof[0].value}{lagging}",
        cites=[
            *proof,
            *(held.cite("status/observedGeneration", STRONG if held is behind[0] else MODERATE) for held in behind[:3]),
        ],
        felt_by=[held.subject for held in behind] or [held.subject for held in world.workloads if held.lacking],
        remedies=[
            look(
                *("get", "lease", _NAME, "-o", "yaml"),
                of=Subject("Lease", NAMESPACE, _NAME),
                purpose="see when it was renewed last, and by whom",
            ),
            look(
                *("get", "pods", "-l", f"component={_NAME}", "-o", "wide"),
                of=Subject("Lease", NAMESPACE, _NAME),
                purpose="see whether it runs",
            ),
        ],
    )


def _behind(workload: Workload) -> bool:
    """Tell whether the latest specification was not looked at by its controller."""
    written, seen = workload.number("metadata/generation"), workload.number("status/observedGeneration")
    return written is not None and seen is not None and seen < written
