"""Nodes that keep pods away by a taint."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Part
from tocsin.investigation.diagnosis.reading.workloads.placement import tolerates
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import remove_taint
from tocsin.investigation.diagnosis.remedies.placement import tolerate
from tocsin.investigation.diagnosis.resources import Node, Pod
from tocsin.investigation.diagnosis.signals import Saying, nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_CONTROL_PLANE = r"node-role\.kubernetes\.io/(?:control-plane|master)"
# Set by a condition of the node, which is then the cause.
_CONDITION = r"node\.(?:kubernetes|cloudprovider\.kubernetes)\.io/|ToBeDeletedByClusterAutoscaler"
_ANY = r"node\(s\) had (?:untolerated )?taint"
_SET_BY_HAND = rf"{_ANY}(?:\(s\)|s)?(?! ?\{{(?:{_CONTROL_PLANE}|{_CONDITION}))"
_SET_BY_CONDITION = rf"{_ANY}s? \{{(?:{_CONDITION})"
_PEOPLE = "people"
_WEIGHTS = {_PEOPLE: CONCLUSIVE, "condition": MODERATE, "installer": CONCLUSIVE}
_SYSTEM = re.compile(f"{_CONTROL_PLANE}|{_CONDITION}")


@cause("scheduling", modes=("sched.taint",), needs=("Pod", "Node"))
def untolerated_taint(world: World) -> Iterator[Finding]:
    """Nodes carry a taint that the pod does not tolerate, so the scheduler passes them over.

    Taints reserve nodes for some pods. Either the node got a taint that it should not have, or the pod lacks the
    toleration. That nodes of the control plane keep pods away is normal, unless there are no others.

    When it is wrong: the taint was set by a condition of the node (not ready, disk full); then the node is the cause.
    """
    for saying in unscheduled(world):
        share, source = _share(saying, nodes_read="Node" in world.inventory.kinds)
        taints = [(node, taint) for node in world.nodes for taint in _blocking(node, saying.pod, source)]
        unnamed = "taint(s)" in saying.text
        if not share or (unnamed and source == _PEOPLE and world.nodes and not taints):
            continue
        named = ", ".join(sorted({f"{t.text('key')}={t.text('value')}" for _, t in taints})) or _named(saying)
        fixes = [remove_taint(n.subject, t.text("key"), t.text("value"), t.text("effect")) for n, t in taints]
        yield Finding(
            saying.controller,
            f"{saying.about.name} waits for a node: {share:.0%} of the nodes have {named}, which it does not tolerate",
            cites=[saying.weighing(_WEIGHTS[source] * share), *(t.cite("key", MODERATE) for _, t in taints)],
            remedies=[*_tolerated(world, saying, [taint for _, taint in taints]), *(fixes or [_look(saying)])],
        )


def _share(saying: Saying, *, nodes_read: bool) -> tuple[float, str]:
    """Return the share of nodes with a taint, and who set it: people, a condition of the node, or the installer.

    A taint of a condition counts only where no node was read that could tell of it; one of the control plane only where
    there are no other nodes.
    """
    if share := nodes_refusing(saying.text, _SET_BY_HAND):
        return share, _PEOPLE
    if not nodes_read and (share := nodes_refusing(saying.text, _SET_BY_CONDITION)):
        return share, "condition"
    alone = re.match(rf"0/(\d+) nodes are available: \1 {_ANY}s? \{{{_CONTROL_PLANE}", saying.text)
    return (1.0 if alone else 0.0), "installer"


def _blocking(node: Node, pod: Pod | None, source: str) -> list[Part]:
    """Return the taints of a node that keep a pod away; those of the system only where they are the question."""
    if pod is None:
        return []
    strict = [held for held in node.taints if held.text("effect") != "PreferNoSchedule"]
    asked = (held for held in strict if source != _PEOPLE or not _SYSTEM.match(held.text("key")))
    return [held for held in asked if not tolerates(pod, held)]


def _tolerated(world: World, saying: Saying, taints: list[Part]) -> tuple[Command, ...]:
    """Return what lets the workload's pods onto the nodes, where one taint keeps them away from all of those."""
    workload = world.workload(saying.about)
    alike = {(held.text("key"), held.text("value"), held.text("effect")) for held in taints}
    return tolerate(workload, taints[0]) if workload and len(alike) == 1 else ()


def _look(saying: Saying) -> Command:
    return look("describe", "nodes", of=saying.about, purpose="see the taints of the nodes")


def _named(saying: Saying) -> str:
    found = re.search(r"taints? \{([^}]+)\}", saying.text)
    return f"the taint {found[1].strip(': ')}" if found else "a taint"
