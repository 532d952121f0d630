"""What keeps a node from being ready, as its kubelet, the control plane and its service manager word it."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation, Part
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Node, Pod
from tocsin.investigation.diagnosis.sections import NodeService
from tocsin.investigation.diagnosis.world import World

# Which ailment a Ready condition tells of, by its reason and message; the first that matches.
_WORDINGS: Mapping[str, re.Pattern[str]] = {
    "never": re.compile(r"NodeStatusNeverUpdated|[Kk]ubelet never posted"),
    "kubelet": re.compile(r"NodeStatusUnknown|[Kk]ubelet stopped posting"),
    "shutdown": re.compile(r"node is shutting down", re.I),
    "runtime": re.compile(r"container runtime is down|PLEG is not healthy|container runtime status check", re.I),
    "network": re.compile(r"network ?plugin|NetworkReady=false|NetworkPluginNotReady|cni", re.I),
}
RUNTIMES = ("containerd", "crio", "cri-o", "cri-dockerd", "docker", "dockerd")


class Stopped(NamedTuple):
    """A system service that does not run: on which node, how its manager words it, and the citation of that."""

    node: Subject
    service: str
    state: str
    cite: Citation


def ailing(world: World, ailment: str) -> Iterator[tuple[Node, Part]]:
    """Yield the nodes whose Ready condition tells of an ailment ("" for one that is told in no known words)."""
    for node in world.nodes:
        ready = node.condition("Ready")
        if ready and ready.text("status") != "True" and _ailment(ready) == ailment:
            yield node, ready


def _ailment(ready: Part) -> str:
    said = f"{ready.text('reason')} {ready.text('message')}"
    return next((name for name, wording in _WORDINGS.items() if wording.search(said)), "")


def stopped(world: World, *services: str) -> Iterator[Stopped]:
    """Yield the system services of these names that do not run; all of them without a name."""
    for index, held in enumerate(world.node_services):
        if not held.active and (not services or _bare(held) in services):
            at = Subject("Node", "", held.node)
            field, value = ("state", held.state) if held.state else ("active", held.active)
            cite = Citation(f"node_services/{index}#/{field}", value, CONCLUSIVE, at)
            yield Stopped(at, _bare(held), held.state or "not running", cite)


def running(world: World, *services: str) -> frozenset[str]:
    """Return the names of the nodes on which one of these system services is known to run."""
    return frozenset(held.node for held in world.node_services if held.active and _bare(held) in services)


def pods_on(world: World, node: Subject) -> list[Pod]:
    """Return the pods that are bound to a node."""
    world.knows("Pod")
    return world.inventory.pods_on(node.name)


def minutes_since(world: World, part: Part, path: str) -> int | None:
    """Return how many whole minutes before the snapshot a time is; None without one."""
    at, now = part.time(path), world.snapshot.captured_at
    return int((now - at).total_seconds() // 60) if at and now else None


def _bare(held: NodeService) -> str:
    return held.service.removesuffix(".service")
