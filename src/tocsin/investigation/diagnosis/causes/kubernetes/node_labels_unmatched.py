"""A pod that asks for node labels that no node has."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reading.workloads.placement import nearest, suits, wanted
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.placement import select_nodes
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_PHRASE = r"didn't match (?:(?:Pod's )?node (?:affinity/)?(?:selector|affinity)|the requested node name)"


@cause("scheduling", modes=("sched.node_affinity",), needs=("Pod", "Node"))
def node_labels_unmatched(world: World) -> Iterator[Finding]:
    """No node carries the labels that the pod requires by its node selector or node affinity.

    A label was mistyped, was never put on a node, or went away with a node that was replaced.

    When it is wrong: matching nodes exist, but something else keeps the pod off them (cordon, taint, no room).
    """
    for saying in unscheduled(world):
        share = nodes_refusing(saying.text, _PHRASE)
        if not share:
            continue
        pod = saying.pod
        fitting = [node for node in world.nodes if pod and suits(pod, node)]
        if pod and fitting:
            cites = [node.cite("metadata/labels", CONCLUSIVE) for node in fitting]
            yield Finding(saying.controller, f"{len(fitting)} nodes match", cites, against="node-labels-unmatched")
        asked = (wanted(pod) if pod else "") or "its node selector or affinity"
        close = nearest(pod, world.nodes) if pod else None
        asks = [path for path in ("spec/nodeSelector", "spec/affinity/nodeAffinity") if pod and pod.get(path)]
        yield Finding(
            saying.controller,
            f"{saying.about.name} waits for a node: none matches {asked}"
            + (f"; there is {close[0]}={close[2]}" if close else ""),
            cites=[saying.weighing(CONCLUSIVE * share), *(pod.cite(path, MODERATE) for path in asks if pod)],
            remedies=[
                *(select_nodes(saying.controller, *close) if close else ()),
                look("get", "nodes", "--show-labels", of=saying.about, purpose="compare with the labels of the nodes"),
                *rollback(saying.controller),
            ],
        )
