"""A topology as a picture: which objects to show, in which column and row. Pure: graph in, coordinates out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.topology import Edge, Topology

MOST_BOXES = 25
# Sizes in the picture's own units, which are CSS pixels as long as it is not scaled down to fit.
WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 136, 42, 30, 14, 10
LONGEST_NAME = 18
SWEEPS = 4
# How an object looks from worst to best; a collapsed box holds one of them only.
WORST_FIRST = ("missing", "failing", "unknown", "ok")
# In between and in the way: the picture connects what they connect.
CONTRACTED = frozenset({"ReplicaSet"})
# Everybody has one and it rarely matters: shown only when something is wrong with it, or when it is the cause.
BACKGROUND = frozenset({"ServiceAccount"})


@dataclass(frozen=True, slots=True)
class Node:
    """One box to draw; `count` objects of one kind and health stand behind it, `subject` is the first of them."""

    subject: Subject
    health: str
    is_cause: bool = False
    count: int = 1

    @property
    def name(self) -> str:
        """The full name, with the number of the others behind the same box."""
        return f"{self.subject.name} +{self.count - 1}" if self.count > 1 else self.subject.name

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


@dataclass(frozen=True, slots=True)
class Box:
    """A node in its place; x and y are the top left corner."""

    node: Node
    x: int
    y: int
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A connection as an SVG path; `is_felt` when what it leads to is in trouble."""

    path: str
    is_felt: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The finished picture, in its own units."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    hidden: int


def draw(topology: Topology, focus: Subject) -> Drawing:
    """The picture of what `focus` needs and of what needs it, nearest first, at most MOST_BOXES boxes."""
    distances = dict(topology.downstream(focus)) | dict(topology.upstream(focus))
    health = {subject: topology.health(subject) for subject in distances}
    edges = [edge for edge in topology.edges if edge.source in distances and edge.target in distances]
    graph = simplified(distances, edges, health, focus)
    kept = nearest(graph, distances)
    return replace(arranged(kept), hidden=len(graph.nodes) - len(kept.nodes))


def shortened(name: str, longest: int) -> str:
    """`name` with its middle replaced by an ellipsis when it is longer than `longest` characters."""
    if len(name) <= longest:
        return name
    head = (longest - 1 + 1) // 2
    return f"{name[:head]}…{name[len(name) - (longest - 1 - head) :]}"


def simplified(
    subjects: Iterable[Subject], edges: Iterable[Edge], health: Mapping[Subject, str], focus: Subject
) -> Graph:
    """The graph without what only clutters it; like objects with the same neighbours become one node."""
    shown = {
        subject
        for subject in subjects
        if subject == focus
        or not (subject.kind in CONTRACTED or (subject.kind in BACKGROUND and health[subject] == "ok"))
    }
    pairs = {(edge.source, edge.target) for edge in edges if edge.source in shown and edge.target in shown}
    nodes = {subject: Node(subject, health[subject], subject == focus) for subject in shown}
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
        if node.subject.kind == "Pod" and not node.is_cause:
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
        if not node.is_cause:
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
    """The `most` nodes nearest to the cause, those in trouble first among the equally near."""
    ranked = sorted(
        graph.nodes.values(), key=lambda node: (distances[node.subject], WORST_FIRST.index(node.health), node.subject)
    )
    nodes = {node.subject: node for node in ranked[:most]}
    return Graph(nodes, frozenset(pair for pair in graph.edges if pair[0] in nodes and pair[1] in nodes))


def columns(graph: Graph) -> dict[Subject, int]:
    """Each node's column: right of everything that needs it (longest path), edges that close a circle left aside."""
    needs = defaultdict(list)
    for source, target in sorted(graph.edges):
        needs[source].append(target)
    order: list[Subject] = []
    begun: set[Subject] = set()
    backward: set[tuple[Subject, Subject]] = set()

    def visit(at: Subject, path: frozenset[Subject]) -> None:
        begun.add(at)
        for target in needs[at]:
            if target in path:
                backward.add((at, target))
            elif target not in begun:
                visit(target, path | {target})
        order.append(at)

    for subject in sorted(graph.nodes):
        if subject not in begun:
            visit(subject, frozenset({subject}))
    column = dict.fromkeys(graph.nodes, 0)
    forward = {source: [t for t in targets if (source, t) not in backward] for source, targets in needs.items()}
    for subject in reversed(order):
        for target in forward.get(subject, ()):
            column[target] = max(column[target], column[subject] + 1)
    for subject in order:  # from the right: what nothing needs stands just left of what it needs
        if targets := forward.get(subject):
            column[subject] = max(column[subject], min(column[target] for target in targets) - 1)
    return column


def rows(graph: Graph, column: Mapping[Subject, int]) -> list[list[Subject]]:
    """The columns from left to right, each from top to bottom, ordered so that few lines cross (barycentres)."""
    beside = defaultdict(list)
    for source, target in sorted(graph.edges):
        beside[source].append(target)
        beside[target].append(source)
    layers: list[list[Subject]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for subject in sorted(column):
        layers[column[subject]].append(subject)
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 else reversed(layers):
            place = {s: row - len(other) / 2 for other in layers for row, s in enumerate(other)}
            centre = {s: _mean([place[n] for n in beside[s]], place[s]) for s in layer}
            layer.sort(key=lambda subject, centre=centre: (centre[subject], subject))  # type: ignore[misc]
    return layers


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def arranged(graph: Graph) -> Drawing:
    """Boxes in columns, each column centred, and a curve for each edge."""
    layers = rows(graph, columns(graph))
    tallest = max((len(layer) for layer in layers), default=0)
    height = tallest * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN
    width = len(layers) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    at: dict[Subject, tuple[int, int]] = {}
    for index, layer in enumerate(layers):
        top = (height - len(layer) * (HEIGHT + GAP_Y) + GAP_Y) // 2
        for row, subject in enumerate(layer):
            at[subject] = (MARGIN + index * (WIDTH + GAP_X), top + row * (HEIGHT + GAP_Y))
    edges = sorted(graph.edges)
    boxes = tuple(
        Box(graph.nodes[subject], x, y, tuple(graph.nodes[t].name for s, t in edges if s == subject))
        for subject, (x, y) in at.items()
    )
    lines = tuple(Line(_curve(at[source], at[target]), _is_felt(graph.nodes[target])) for source, target in edges)
    return Drawing(width, height, boxes, lines, 0)


def _is_felt(node: Node) -> bool:
    return node.is_cause or node.health in ("failing", "missing")


def _curve(source: tuple[int, int], target: tuple[int, int]) -> str:
    x1, y1 = source[0] + WIDTH, source[1] + HEIGHT // 2
    x2, y2 = target[0], target[1] + HEIGHT // 2
    bend = max(GAP_X // 2, abs(x2 - x1) // 2)
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
