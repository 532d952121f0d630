"""A picture of a topology: boxes in columns from what is called to what it needs, and lines between them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.topology import Topology
from tocsin.web.pages.graph import CAUSE, LEFT_OUT, Graph, Node, nearest, simplified

# Sizes in the picture's own units, which are CSS pixels as long as it is not scaled down to fit.
WIDTH, HEIGHT, LANE, GAP_X, GAP_Y, MARGIN = 148, 42, 6, 34, 14, 10
SWEEPS = 4


class Slot(NamedTuple):
    """A place in a column: a node's box, or a lane that keeps the way free for a line to a farther column."""

    source: Subject
    target: Subject
    column: int

    @property
    def is_box(self) -> bool:
        """Whether a box stands here: its source and target are the node itself."""
        return self.source == self.target

    @property
    def height(self) -> int:
        """In the picture's units."""
        return HEIGHT if self.is_box else LANE


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
    """The finished picture, in its own units; `hidden` objects did not fit in."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    hidden: int = 0


def draw(topology: Topology, focus: Subject, mark: str) -> Drawing:
    """What `focus` needs and what needs it, nearest first; `mark` is the word for `focus`, "cause" or another."""
    distances = dict(topology.downstream(focus)) | dict(topology.upstream(focus))
    health = {subject: topology.health(subject) for subject in distances}
    edges = [edge for edge in topology.edges if edge.source in distances and edge.relation not in LEFT_OUT]
    graph = simplified(edges, health, Node(focus, health[focus], mark))
    kept = nearest(graph, distances)
    return replace(arranged(kept), hidden=len(graph.nodes) - len(kept.nodes))


def arranged(graph: Graph) -> Drawing:
    """Boxes in columns, each column centred, and a curve for each edge."""
    column = columns(graph)
    routes = {edge: _route(edge, column) for edge in sorted(graph.edges)}
    layers = rows(column, list(routes.values()))
    height = max((_height(layer) for layer in layers), default=0) + 2 * MARGIN
    width = len(layers) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    at = _places(layers, height)
    boxes = tuple(
        Box(graph.nodes[slot.source], x, y, tuple(graph.nodes[t].name for s, t in routes if s == slot.source))
        for slot, (x, y) in at.items()
        if slot.is_box
    )
    lines = tuple(
        Line(_curve([(at[slot], slot) for slot in route]), _is_felt(graph.nodes[edge[1]]))
        for edge, route in routes.items()
    )
    return Drawing(width, height, boxes, lines)


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
    needed = {target for targets in forward.values() for target in targets}
    for subject in graph.nodes.keys() - needed:  # what nothing needs stands just left of what it needs
        column[subject] = max(0, min((column[target] for target in forward.get(subject, ())), default=1) - 1)
    return column


def _route(edge: tuple[Subject, Subject], column: Mapping[Subject, int]) -> list[Slot]:
    """The slots that a line passes from left to right: its two boxes and a lane in each column between."""
    left, right = sorted(edge, key=lambda subject: column[subject])
    lanes = [Slot(left, right, index) for index in range(column[left] + 1, column[right])]
    return [Slot(left, left, column[left]), *lanes, Slot(right, right, column[right])]


def rows(column: Mapping[Subject, int], routes: Sequence[Sequence[Slot]]) -> list[list[Slot]]:
    """The columns from left to right, each from top to bottom, ordered so that few lines cross (barycentres)."""
    beside: dict[Slot, list[Slot]] = defaultdict(list)
    for route in routes:
        for left, right in pairwise(route):
            beside[left].append(right)
            beside[right].append(left)
    slots = {Slot(subject, subject, index) for subject, index in column.items()} | beside.keys()
    layers: list[list[Slot]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for slot in sorted(slots):
        layers[slot.column].append(slot)
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 else reversed(layers):
            place = {slot: (row + 0.5) / len(other) for other in layers for row, slot in enumerate(other)}
            centre = {slot: _mean([place[near] for near in beside[slot]], place[slot]) for slot in layer}
            layer.sort(key=lambda slot, centre=centre: (centre[slot], slot))  # type: ignore[misc]
    return layers


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _height(layer: Sequence[Slot]) -> int:
    return sum(slot.height + GAP_Y for slot in layer) - GAP_Y


def _places(layers: Sequence[Sequence[Slot]], height: int) -> dict[Slot, tuple[int, int]]:
    at = {}
    for index, layer in enumerate(layers):
        y = (height - _height(layer)) // 2
        for slot in layer:
            at[slot] = (MARGIN + index * (WIDTH + GAP_X), y)
            y += slot.height + GAP_Y
    return at


def _is_felt(node: Node) -> bool:
    return node.mark == CAUSE or node.health in ("failing", "missing")


def _curve(stops: Sequence[tuple[tuple[int, int], Slot]]) -> str:
    """A smooth path through the gaps between columns, straight along each lane."""
    parts: list[str] = []
    for ((x, y), slot), ((next_x, next_y), next_slot) in pairwise(stops):
        x, y, next_y = x + WIDTH, y + slot.height // 2, next_y + next_slot.height // 2
        middle = (x + next_x) // 2
        parts.append(f"{'L' if parts else 'M'}{x} {y}C{middle} {y} {middle} {next_y} {next_x} {next_y}")
    return "".join(parts)
