"""A pod that must be near, or away from, other pods, where no node allows it."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_PHRASE = r"(?:didn't match pod (?:anti-)?affinity|didn't satisfy existing pods anti-affinity)"


@cause("scheduling", modes=("sched.pod_affinity",), needs=("Pod",))
def pod_affinity_unmet(world: World) -> Iterator[Finding]:
    """The pod must run beside certain pods, or must not, and no node allows that.

    With required anti-affinity by host there can be no more such pods than nodes; a rolling update wants one more.
    With required affinity the pods to be near must run first.

    When it is wrong: the other pods are only late; the pod is placed as soon as they run.
    """
    for saying in unscheduled(world):
        if share := nodes_refusing(saying.text, _PHRASE):
            kind = "anti-affinity" if "anti-affinity" in saying.text else "affinity"
            asks = [path for path in ("spec/affinity/podAntiAffinity", "spec/affinity/podAffinity") if saying.pod]
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: its pod {kind} cannot be met on {share:.0%} of the nodes",
                cites=[
                    saying.weighing(CONCLUSIVE * share),
                    *(saying.pod.cite(path, MODERATE) for path in asks if saying.pod and saying.pod.get(path)),
                ],
                remedies=[
                    look(
                        "get",
                        "pods",
                        "-o",
                        "wide",
                        "--show-labels",
                        of=saying.about,
                        purpose="see which pods run where",
                    ),
                    *rollback(saying.controller),
                ],
            )
