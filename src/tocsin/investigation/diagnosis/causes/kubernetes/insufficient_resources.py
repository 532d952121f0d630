"""No node has room for what a pod requests."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_SHORT = re.compile(r"Insufficient (\S+?)[.,]|(Too many pods)")


@cause("scheduling", needs=("Pod",))
def insufficient_resources(world: World) -> Iterator[Finding]:
    """No node has enough free CPU, memory or another resource for what the pod requests.

    The scheduler counts requests, not use: a node is full when the requests on it add up to what it can give. The pod
    waits until other pods leave, a node is added, or it requests less.

    When it is wrong: nodes with room exist but are cordoned, tainted or do not match; then those come first.
    """
    for saying in unscheduled(world):
        for resource in sorted(
            {found[1] or found[2] for found in _SHORT.finditer(saying.text.partition("preemption")[0] + ".")}
        ):
            share = nodes_refusing(saying.text, f"(?:Insufficient )?{re.escape(resource)}")
            asks = (
                [c.cite(f"resources/requests/{resource}", MODERATE) for c in saying.pod.containers]
                if saying.pod
                else []
            )
            asked = ", ".join(str(cite.value) for cite in asks if cite.ref.endswith(resource)) or "its request"
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: {resource} is short for {asked} on {share:.0%} of the nodes",
                cites=[saying.weighing(CONCLUSIVE * share), *(cite for cite in asks if cite.ref.endswith(resource))],
                remedies=[
                    look("describe", "nodes", of=saying.about, purpose="see what is requested on each node"),
                    *rollback(saying.controller),
                ],
            )
