"""Pods whose network could not be set up: what the network plugin said, by node."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.world import World, cite_event

_NETWORK = re.compile(
    r"failed to set ?up network for sandbox|network for pod|cni|NetworkPlugin|network is not ready", re.I
)
# host-local, AWS VPC CNI, Azure CNI, Calico, Cilium, GKE.
_USED_UP = re.compile(
    r"no IP addresses available in range|failed to assign an IP address to container|no available IPs|IP pool exhausted"
    r"|no free (?:IP )?addresses|range is full|insufficient (?:free )?(?:IP|addresses)|no more IPs|InsufficientCidrBlocks",
    re.I,
)
_PLUGIN = re.compile(
    r"calico|cilium|flannel|weave|aws-node|azure-cni|antrea|kube-router|canal|ovn|multus|kindnet|netd", re.I
)


@dataclass(frozen=True, slots=True)
class Unconnected:
    """The pods of a node that got no network: each with its event."""

    node: str
    pods: tuple[tuple[Pod, StoredEvent], ...]

    @property
    def said(self) -> str:
        """What the plugin said last, from where the plugin speaks."""
        text = self.pods[0][1].message
        return text[text.find("plugin type=") :] if "plugin type=" in text else text.rpartition("desc = ")[2]

    def cites(self) -> Iterator[Citation]:
        """Cite the events: that of the first pod counts most."""
        for place, (_, event) in enumerate(self.pods[:3]):
            yield cite_event(event, STRONG if place else CONCLUSIVE)


def unconnected(world: World, *, used_up: bool) -> list[Unconnected]:
    """Return, by node, the waiting pods without a network; `used_up` those for which no address was left, else the others."""
    found: Mapping[str, list[tuple[Pod, StoredEvent]]] = defaultdict(list)
    for event in world.events("FailedCreatePodSandBox", "NetworkNotReady", "FailedCreatePodSandbox"):
        pod = world.inventory.get(event.about)
        if not isinstance(pod, Pod) or not pod.node or pod.ready or any(held.restarts for held in pod.containers):
            continue
        heard = any(pod.subject == held.subject for held, _ in found[pod.node])
        spent = bool(_USED_UP.search(event.message))
        if not heard and spent == used_up and (spent or _NETWORK.search(event.message)):
            found[pod.node].append((pod, event))
    return [Unconnected(node, tuple(pods)) for node, pods in sorted(found.items()) if pods]


def plugin_pods(world: World, node: str) -> list[Pod]:
    """Return the pods of the network plugin on a node, known by their names."""
    return [pod for pod in world.pods if pod.node == node and _runs_plugin(pod)]


def _runs_plugin(pod: Pod) -> bool:
    owner = pod.owner
    return bool(owner and owner.text("kind") == "DaemonSet" and _PLUGIN.search(pod.name))


def felt(world: World, held: Unconnected) -> list[Subject]:
    """Return the workloads whose pods got no network."""
    return sorted({world.controller(pod) for pod, _ in held.pods})
