"""A network that has no address left for new pods."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reading.pods.sandboxes import felt, unconnected
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.world import World


@cause("network", modes=("net.ip_exhaustion",), needs=("Pod", "events"))
def pod_addresses_used_up(world: World) -> Iterator[Finding]:
    """No address is left for new pods: the range of the node, or the subnet of the cloud, is used up.

    Each pod needs an address. Small ranges fill up with pods; addresses of pods that are gone may not have been given
    back. Pods that run keep theirs.

    When it is wrong: addresses are given back within minutes after many pods ended at once.
    """
    every = unconnected(world, used_up=True)
    for held in every:
        node = Subject("Node", "", held.node)
        stored = world.inventory.get(node)
        range_ = stored.text("spec/podCIDR") if stored else ""
        running = sum(pod.phase == "Running" for pod in pods_on(world, node))
        others = f", as on {len(every) - 1} other nodes" if len(every) > 1 else ""
        yield Finding(
            node,
            f"no address is left for {len(held.pods)} new pods on {held.node}{others}"
            f" ({running} pods run there{f', range {range_}' if range_ else ''}): {opening(held.said)}",
            cites=[*held.cites(), *([stored.cite("spec/podCIDR", MODERATE)] if stored and range_ else [])],
            felt_by=felt(world, held),
            remedies=[
                look(
                    *("get", "nodes", "-o", "custom-columns=NAME:.metadata.name,RANGE:.spec.podCIDR"),
                    of=node,
                    purpose="see the range of each node; it has two addresses less than its size",
                ),
                look_at_pods(node, "see who holds addresses there, finished pods too"),
            ],
        )
