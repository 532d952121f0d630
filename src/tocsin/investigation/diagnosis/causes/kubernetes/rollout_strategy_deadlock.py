"""A rollout whose new pod and old pod wait for each other."""

import math
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation, Part
from tocsin.investigation.diagnosis.quantity import whole
from tocsin.investigation.diagnosis.remedies.kubectl import rollout_done
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Pod, Workload, selects
from tocsin.investigation.diagnosis.signals import unscheduled
from tocsin.investigation.diagnosis.world import World

_UNAVAILABLE = "spec/strategy/rollingUpdate/maxUnavailable"
_AWAY = "requiredDuringSchedulingIgnoredDuringExecution"
_ANTI = f"spec/affinity/podAntiAffinity/{_AWAY}"


@cause("rollout", modes=("rollout.strategy_deadlock",), needs=("Deployment", "Pod"))
def rollout_strategy_deadlock(world: World) -> Iterator[Finding]:
    """A rolling update may take no old pod away before a new one is ready, and the new one cannot start beside the old.

    With maxUnavailable at 0 (also what 25% of fewer than four replicas is) the update begins with one pod more. That one
    gets no node where the old ones hold what it needs: pods that keep apart from their own kind, a port of the host.
    The old pods go on serving; only the update stands still.

    When it is wrong: there are nodes for the new pod, and they are only full or away for now.
    """
    waiting = {saying.about: saying for saying in unscheduled(world) if saying.pod}
    for workload in world.workloads:
        pods = world.pods_of(workload.subject) if workload.kind == "Deployment" and not _may_take(workload) else []
        ready = [pod for pod in pods if pod.ready and not pod.leaving]
        stuck = [pod for pod in pods if pod.subject in waiting and _own_obstacle(pod, ready)]
        if stuck and len(ready) >= workload.desired > 0:
            pod = stuck[0]
            why, cite = _own_obstacle(pod, ready) or ("", pod.cite("spec"))
            yield Finding(
                workload.subject,
                f"the update of {workload.name} cannot begin: {pod.name} gets no node beside the old pods ({why}), and none"
                f" of those {len(ready)} may go before it is ready",
                cites=[cite, _bound(workload), waiting[pod.subject].weighing(STRONG)],
                remedies=[
                    patch(
                        workload.subject,
                        "/spec/strategy",
                        workload.get("spec/strategy"),
                        {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
                        purpose=f"let the update of {workload.name} take one old pod away first",
                        before="it can serve with one replica less for so long",
                        verify=rollout_done(workload.subject),
                    ),
                    describe(workload.subject),
                ],
            )


def _may_take(workload: Workload) -> int:
    """Return how many old pods a rolling update may take away first; 25% is the default, rounded down."""
    if workload.text("spec/strategy/type") == "Recreate":
        return workload.desired
    bound = workload.get(_UNAVAILABLE)
    if isinstance(bound, int):
        return bound
    share = whole(str(bound or "25%").removesuffix("%"))
    return 1 if share is None else math.floor(workload.desired * share / 100)


def _bound(workload: Workload) -> Citation:
    return workload.cite(_UNAVAILABLE if workload.get(_UNAVAILABLE) is not None else "spec/replicas", MODERATE)


def _own_obstacle(pod: Pod, old: list[Pod]) -> tuple[str, Citation] | None:
    """Return what of its own kind keeps a pod from a node, with the field that says so."""
    for term in pod.parts(_ANTI):
        if any(_picks(term, other) for other in old):
            return "they keep apart from their own kind", term.cite("labelSelector", CONCLUSIVE)
    for container in pod.containers:
        for port in container.ports:
            if port.number("hostPort"):
                return f"port {port.number('hostPort')} of the host is taken by them", port.cite("hostPort", STRONG)
    return None


def _picks(term: Part, other: Pod) -> bool:
    """Tell whether an anti-affinity term is about another pod, by its labels or by the values allowed for one."""
    wanted, rules = term.texts("labelSelector/matchLabels"), list(term.parts("labelSelector/matchExpressions"))
    known = all(rule.text("operator") == "In" for rule in rules)
    named = all(other.labels.get(rule.text("key")) in rule.words("values") for rule in rules)
    return bool(wanted or rules) and known and named and (not wanted or selects(wanted, other.labels))
