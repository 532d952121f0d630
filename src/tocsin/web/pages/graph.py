"""What a picture of a topology shows: the objects that matter for a cause, like ones together. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.topology import Edge

MOST_BOXES = 25
# In systems of many services everything is connected; what is farther away than this explains little.
FARTHEST = 2
LONGEST_NAME, LONGEST_KIND = 15, 12
# How an object looks from worst to best; a collapsed box holds one of them only.
WORST_FIRST = ("missing", "failing", "unknown", "ok")
# In between and in the way: the picture connects what they connect.
CONTRACTED = frozenset({"ReplicaSet"})
# Everybody has one and it rarely matters: shown only when something is wrong with it, or when it is the cause.
BACKGROUND = frozenset({"ServiceAccount"})
# Only the way back of an edge that is drawn already.
LEFT_OUT = frozenset({"is named by"})
CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Node:
    """One box to draw; `count` objects of one kind and health stand behind it, `subject` is the first of them.

    `mark` is what the picture is about, in a word ("cause", "alert"); empty for all others.
    """

    subject: Subject
    health: str
    mark: str = ""
    count: int = 1

    @property
    def name(self) -> str:
        """The full name, with the number of the others behind the same box."""
        return f"{self.subject.name} +{self.count - 1}" if self.count > 1 else self.subject.name

    @property
    def kind(self) -> str:
        """The kind, shortened like the label where the mark stands beside it."""
        return f"{shortened(self.subject.kind, LONGEST_KIND)} · {self.mark}" if self.mark else self.subject.kind

    @property
    def label(self) -> str:
        """The name, shortened in the middle so that it fits into the box."""
        more = f" +{self.count - 1}" if self.count > 1 else ""
        return shortened(self.subject.name, LONGEST_NAME - len(more)) + more


@dataclass(frozen=True, slots=True)
class Graph:
    """What is shown: nodes by subject, and (source, target) pairs: the source needs the target."""

    nodes: Mapping[Subject, Node]
    edges: frozenset[tuple[Subject, Subject]]


def shortened(name: str, longest: int) -> str:
    """`name` with its middle replaced by an ellipsis when it is longer than `longest` characters."""
    if len(name) <= longest:
        return name
    head = longest // 2
    return f"{name[:head]}…{name[len(name) - (longest - 1 - head) :]}"


def simplified(edges: Iterable[Edge], health: Mapping[Subject, str], focus: Node) -> Graph:
    """The graph without what only clutters it; like objects with the same neighbours become one node."""
    shown = {
        subject
        for subject in health
        if subject == focus.subject
        or not (subject.kind in CONTRACTED or (subject.kind in BACKGROUND and health[subject] == "ok"))
    }
    pairs = {(edge.source, edge.target) for edge in edges if edge.source in shown and edge.target in shown}
    nodes = {subject: Node(subject, health[subject]) for subject in shown} | {focus.subject: focus}
    graph = Graph(nodes, frozenset(pairs))
    graph = _merged(graph, _pods_of_one_owner(graph))
    graph = Graph(graph.nodes, _without_shortcuts(graph))
    return _merged(graph, _twins(graph))


def _pods_of_one_owner(graph: Graph) -> Mapping[object, list[Node]]:
    """Pods by owner and health; the cause stays alone."""
    owners = defaultdict(set)
    for source, target in graph.edges:
        if target.kind == "Pod" and source.kind != "Service":
            owners[target].add(source)
    groups: dict[object, list[Node]] = defaultdict(list)
    for node in graph.nodes.values():
        if node.subject.kind == "Pod" and not node.mark:
            groups[(frozenset(owners[node.subject]), node.health)].append(node)
    return groups


def _twins(graph: Graph) -> Mapping[object, list[Node]]:
    """Nodes of one kind and health that nothing tells apart but their names."""
    sources, targets = defaultdict(set), defaultdict(set)
    for source, target in graph.edges:
        sources[target].add(source)
        targets[source].add(target)
    groups: dict[object, list[Node]] = defaultdict(list)
    for subject, node in graph.nodes.items():
        if not node.mark:
            key = (subject.kind, node.health, frozenset(sources[subject]), frozenset(targets[subject]))
            groups[key].append(node)
    return groups


def _merged(graph: Graph, groups: Mapping[object, list[Node]]) -> Graph:
    """The graph in which each group is one node, known by its first member."""
    nodes, known_as = dict(graph.nodes), {subject: subject for subject in graph.nodes}
    for group in groups.values():
        first, *others = sorted(group, key=lambda node: node.subject)
        nodes[first.subject] = replace(first, count=sum(node.count for node in group))
        for node in others:
            known_as[node.subject] = first.subject
            del nodes[node.subject]
    pairs = {(known_as[source], known_as[target]) for source, target in graph.edges}
    return Graph(nodes, frozenset((source, target) for source, target in pairs if source != target))


def _without_shortcuts(graph: Graph) -> frozenset[tuple[Subject, Subject]]:
    """The edges without those from a Service to pods that its workload leads to anyway."""
    targets = defaultdict(set)
    for source, target in graph.edges:
        targets[source].add(target)
    return frozenset(
        (source, target)
        for source, target in graph.edges
        if not (target.kind == "Pod" and any(target in targets[between] for between in targets[source]))
    )


def nearest(graph: Graph, distances: Mapping[Subject, int], most: int = MOST_BOXES) -> Graph:
    """The `most` nodes nearest to the cause and at most FARTHEST away, those in trouble first among the equally near."""
    near = [node for node in graph.nodes.values() if distances[node.subject] <= FARTHEST]
    ranked = sorted(near, key=lambda node: (distances[node.subject], WORST_FIRST.index(node.health), node.subject))
    nodes = {node.subject: node for node in ranked[:most]}
    return Graph(nodes, frozenset(pair for pair in graph.edges if pair[0] in nodes and pair[1] in nodes))
