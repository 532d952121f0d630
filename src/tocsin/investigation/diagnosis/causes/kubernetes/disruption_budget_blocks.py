"""A disruption budget that keeps a node from being emptied."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.asked import named_by_alert
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.workloads import describe, scale_to
from tocsin.investigation.diagnosis.resources import Pod, Resource, selects
from tocsin.investigation.diagnosis.world import World

_STATUS = "status/disruptionsAllowed"


@cause("rollout", modes=("rollout.pdb_block",), needs=("PodDisruptionBudget", "Node", "Pod"))
def disruption_budget_blocks(world: World) -> Iterator[Finding]:
    """A PodDisruptionBudget allows no pod to be taken away, and a node that is to be emptied waits for that.

    A drain asks before it evicts each pod. A budget that wants as many healthy pods as there are refuses for ever; so
    does one whose pods are not healthy. Upgrades and scale-downs of nodes stand still.

    When it is wrong: the node was cordoned for another reason, and nobody drains it. So it is told where nothing else
    is left on the node, or somebody asked.
    """
    emptied = {node.name: node for node in world.nodes if node.cordoned}
    for budget in world.of("PodDisruptionBudget"):
        asked = named_by_alert(budget, world.inventory)
        pods = [pod for pod in _covered(world, budget) if pod.node in emptied and not pod.leaving]
        pods = [
            pod for pod in pods if asked or named_by_alert(emptied[pod.node], world.inventory) or _alone(world, pod)
        ]
        if budget.number(_STATUS) != 0 or not (pods or asked):
            continue
        wants, has = budget.number("status/desiredHealthy"), budget.number("status/currentHealthy")
        nodes = sorted({pod.node for pod in pods})
        where = f"{', '.join(nodes)} cannot be emptied" if nodes else "no pod may be taken away"
        yield Finding(
            budget.subject,
            f"{where}: budget {budget.name} wants {wants} healthy pods and has {has}",
            cites=[
                budget.cite(_STATUS, STRONG),
                budget.cite("status/currentHealthy", MODERATE),
                *(emptied[name].cite("spec/unschedulable", MODERATE) for name in nodes),
            ],
            felt_by=[Subject("Node", "", name) for name in nodes],
            remedies=[*_one_more(world, pods, (has or 0) >= (wants or 0)), describe(budget.subject)],
        )


def _covered(world: World, budget: Resource) -> list[Pod]:
    selector = budget.texts("spec/selector/matchLabels")
    return [pod for pod in world.pods if pod.namespace == budget.namespace and selects(selector, pod.labels)]


def _alone(world: World, pod: Pod) -> bool:
    """Tell whether a drain has come as far as it can: what is left are pods of this workload, and those of the node."""
    others = (
        other for other in pods_on(world, Subject("Node", "", pod.node)) if other.phase not in ("Succeeded", "Failed")
    )
    left = {world.controller(other) for other in others if not other.leaving}
    return all(at == world.controller(pod) or at.kind in ("DaemonSet", "Node") for at in left)


def _one_more(world: World, pods: list[Pod], healthy: bool) -> Iterator[Command]:
    """Yield how to run one replica more, so that one may go; it helps only where those that there are are healthy."""
    for subject in sorted({world.controller(pod) for pod in pods if healthy}):
        workload = world.workload(subject)
        if workload and workload.kind in ("Deployment", "StatefulSet"):
            yield scale_to(subject, workload.desired + 1, workload.desired)
