"""A node whose table of tracked connections is full."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World, cite_event

_DROPS = r"nf_conntrack: (?:nf_conntrack: )?table full, dropping packet"
_ENTRIES, _LIMIT = "node_nf_conntrack_entries", "node_nf_conntrack_entries_limit"
_FULL = 0.95


@cause("network", modes=("net.conntrack",))
def connection_table_full(world: World) -> Iterator[Finding]:
    """The kernel of a node has no room left in its table of connections, and drops packets of new ones.

    Every connection through a Service has an entry, for minutes after its end. Many short connections fill the table.
    Then connections from and to all pods of that node fail at random, while those that are open go on.

    When it is wrong: the table was full for a moment during a burst that is over.
    """
    evidence: dict[str, list[Citation]] = {}
    for event in world.events("ConntrackFull", "ConntrackFullProblem", "KernelOops", "NetworkProblem"):
        if event.about.kind == "Node" and (event.reason.startswith("Conntrack") or re.search(_DROPS, event.message)):
            evidence.setdefault(event.about.name, []).append(cite_event(event, CONCLUSIVE))
    for pod, _, line in complaints(world, _DROPS):
        evidence.setdefault(pod.node, []).append(line.cite(CONCLUSIVE))
    for name, cite in _measured(world):
        evidence.setdefault(name, []).append(cite)
    for name, cites in sorted(evidence.items()):
        node = Subject("Node", "", name)
        yield Finding(
            node,
            f"the table of connections of {name} is full: its kernel drops packets of new connections",
            cites=cites,
            felt_by=sorted({world.controller(pod) for pod in pods_on(world, node) if not pod.ready}),
            remedies=[look_at_pods(node, "see which pods there open many connections")],
        )


def _measured(world: World) -> Iterator[tuple[str, Citation]]:
    """Yield the nodes whose table is measured as full: entries against their limit, as the node exporter counts them."""
    metrics = list(enumerate(world.snapshot.metrics))
    limits = {metric.about.name: metric.value for _, metric in metrics if metric.name == _LIMIT}
    for index, metric in metrics:
        limit, name = limits.get(metric.about.name), metric.about.name
        if metric.name == _ENTRIES and name and limit and metric.value >= _FULL * limit:
            yield name, Citation(f"metrics/{index}#/value", metric.value, STRONG, Subject("Node", "", name))
