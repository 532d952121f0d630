"""Nodes that keep pods away by a taint."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Part
from tocsin.investigation.diagnosis.placement import tolerates
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import remove_taint
from tocsin.investigation.diagnosis.resources import Node, Pod
from tocsin.investigation.diagnosis.signals import Saying, nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_CONTROL_PLANE = r"node-role\.kubernetes\.io/(?:control-plane|master)"
# Set by a condition of the node, which is then the cause.
_CONDITION = r"node\.(?:kubernetes|cloudprovider\.kubernetes)\.io/|ToBeDeletedByClusterAutoscaler"
_ANY = r"node\(s\) had (?:untolerated )?taint"
_SET_BY_HAND = rf"{_ANY}(?:\(s\)|s)?(?! ?\{{(?:{_CONTROL_PLANE}|{_CONDITION}))"
_SYSTEM = re.compile(f"{_CONTROL_PLANE}|{_CONDITION}")


@cause("scheduling", modes=("sched.taint",), needs=("Pod", "Node"))
def untolerated_taint(world: World) -> Iterator[Finding]:
    """Nodes carry a taint that the pod does not tolerate, so the scheduler passes them over.

    Taints reserve nodes for some pods. Either the node got a taint that it should not have, or the pod lacks the
    toleration. That nodes of the control plane keep pods away is normal, unless there are no others.

    When it is wrong: the taint was set by a condition of the node (not ready, disk full); then the node is the cause.
    """
    for saying in unscheduled(world):
        share, by_hand = _share(saying)
        taints = [(node, taint) for node in world.nodes for taint in _blocking(node, saying.pod, by_hand)]
        unnamed = "taint(s)" in saying.text
        if not share or (unnamed and by_hand and world.nodes and not taints):
            continue
        named = ", ".join(sorted({f"{t.text('key')}={t.text('value')}" for _, t in taints})) or _named(saying)
        fixes = [remove_taint(n.subject, t.text("key"), t.text("value"), t.text("effect")) for n, t in taints]
        yield Finding(
            saying.controller,
            f"{saying.about.name} waits for a node: {share:.0%} of the nodes have {named}, which it does not tolerate",
            cites=[saying.weighing(CONCLUSIVE * share), *(t.cite("key", MODERATE) for _, t in taints)],
            remedies=fixes or [look("describe", "nodes", of=saying.about, purpose="see the taints of the nodes")],
        )


def _share(saying: Saying) -> tuple[float, bool]:
    """Return the share of nodes with a taint that somebody set; else of control plane nodes, where there are no others."""
    if share := nodes_refusing(saying.text, _SET_BY_HAND):
        return share, True
    alone = re.match(rf"0/(\d+) nodes are available: \1 {_ANY}s? \{{{_CONTROL_PLANE}", saying.text)
    return (1.0 if alone else 0.0), False


def _blocking(node: Node, pod: Pod | None, by_hand: bool) -> list[Part]:
    keeping = [held for held in node.taints if pod and held.text("effect") != "PreferNoSchedule"]
    system = (held for held in keeping if not (by_hand and _SYSTEM.match(held.text("key"))))
    return [held for held in system if pod and not tolerates(pod, held)]


def _named(saying: Saying) -> str:
    found = re.search(r"taints? \{([^}]+)\}", saying.text)
    return f"the taint {found[1].strip(': ')}" if found else "a taint"
