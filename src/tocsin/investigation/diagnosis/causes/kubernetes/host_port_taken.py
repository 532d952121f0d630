"""A pod that wants a port of its node where another one has it."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World


@cause("scheduling", modes=("sched.hostport",), needs=("Pod",))
def host_port_taken(world: World) -> Iterator[Finding]:
    """The pod wants a port of the node itself, and on every node another pod has it.

    A port of a node can be had once. Two replicas, or the old and the new pod of a rollout, cannot share a node.

    When it is wrong: hardly ever; the scheduler counts the ports itself.
    """
    for saying in unscheduled(world):
        if share := nodes_refusing(saying.text, "didn't have free ports"):
            ports = [
                port
                for c in (saying.pod.containers if saying.pod else ())
                for port in c.ports
                if port.number("hostPort")
            ]
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: host port {', '.join(str(p.number('hostPort')) for p in ports)} is taken",
                cites=[saying.weighing(CONCLUSIVE * share), *(port.cite("hostPort", MODERATE) for port in ports)],
                remedies=[
                    look("get", "pods", "-A", "-o", "wide", of=saying.about, purpose="see which pod holds the port"),
                    *rollback(saying.controller),
                ],
            )
