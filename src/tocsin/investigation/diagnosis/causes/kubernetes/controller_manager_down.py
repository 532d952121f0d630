"""The controllers of the cluster do not work."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.nodes.control_plane import component, lease, silent
from tocsin.investigation.diagnosis.remedies.control_plane import look_at_component, look_at_lease
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
    unled = world.inventory.get(lease(_NAME)) is None
    if not proof or (unled and not behind):
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
            look_at_lease(_NAME),
            look_at_component(_NAME),
        ],
    )


def _behind(workload: Workload) -> bool:
    """Tell whether the latest specification was not looked at by its controller."""
    written, seen = workload.number("metadata/generation"), workload.number("status/observedGeneration")
    return written is not None and seen is not None and seen < written
