"""No node has room for what a pod requests."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.workloads.placement import holds, suits
from tocsin.investigation.diagnosis.reference import escape
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.resources import Node
from tocsin.investigation.diagnosis.signals import Saying, nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_SHORT = re.compile(r"(?:Insufficient (\S+?)|(Too many pods))(?=[.,]?(?:\s|$))")
_MODES = ("sched.insufficient_cpu", "sched.insufficient_memory", "sched.insufficient_extended")


@cause("scheduling", modes=_MODES, needs=("Pod",))
def insufficient_resources(world: World) -> Iterator[Finding]:
    """No node has enough free CPU, memory or another resource for what the pod requests.

    The scheduler counts requests, not use: a node is full when the requests on it add up to what it can give. The pod
    waits until other pods leave, a node is added, or it requests less. What no node has even when empty (a GPU without
    its device plugin, more than the largest machine) comes by no waiting.

    When it is wrong: nodes with room exist but are cordoned, tainted or do not match; then those come first.
    """
    for saying in unscheduled(world):
        reasons = saying.text.partition("preemption")[0]
        for resource in sorted({found[1] or "pods" for found in _SHORT.finditer(reasons)}):
            yield _short(world, saying, resource)


def _short(world: World, saying: Saying, resource: str) -> Finding:
    phrase = "Too many pods" if resource == "pods" else f"Insufficient {re.escape(resource)}"
    share = nodes_refusing(saying.text, phrase)
    path = f"resources/requests/{escape(resource)}"
    asks = [held.cite(path, MODERATE) for held in saying.pod.containers if held.spec.get(path)] if saying.pod else []
    asked = ", ".join(str(cite.value) for cite in asks) or "its request"
    largest = _largest(world, saying, resource)
    never = f"; the largest node has {largest.value}" if largest else ""
    return Finding(
        saying.controller,
        f"{saying.about.name} waits for a node: {_named(resource, asked)} on {share:.0%} of the nodes{never}",
        cites=[saying.weighing(CONCLUSIVE * (1 if largest else share)), *asks, *([largest] if largest else [])],
        remedies=[
            look("describe", "nodes", of=saying.about, purpose="see what is requested on each node"),
            *rollback(saying.controller),
        ],
    )


def _largest(world: World, saying: Saying, resource: str) -> Citation | None:
    """Cite what the largest node can give, where a pod requests more than that; None where it would fit an empty node."""
    pod = saying.pod
    fitting: list[Node] = [node for node in world.nodes if pod and suits(pod, node)]
    known = [node for node in fitting if node.allocatable(resource) is not None]
    if not pod or not known or any(holds(pod, node, resource) for node in fitting):
        return None
    best = max(known, key=lambda node: (node.allocatable(resource) or 0, node.name))
    return best.cite(f"status/allocatable/{escape(resource)}", STRONG)


def _named(resource: str, asked: str) -> str:
    return "no more pods are allowed" if resource == "pods" else f"{resource} is short for {asked}"
