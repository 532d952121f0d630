"""The picture of a topology."""

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.web.pages.stored import CART, SNAPSHOT
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.snapshot import parse_snapshot
from tocsin.investigation.diagnosis.topology import Topology
from tocsin.web.pages.drawing import HEIGHT, WIDTH, arranged, columns, draw
from tocsin.web.pages.graph import Graph, Node

NAMES = st.sampled_from([Subject("Pod", "shop", name) for name in "abcdefghij"])
GRAPHS = st.frozensets(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]), max_size=20)


def _graph(edges: frozenset[tuple[Subject, Subject]]) -> Graph:
    return Graph({subject: Node(subject, "ok") for edge in edges for subject in edge}, edges)


def _chain(names: str) -> Graph:
    subjects = [Subject("Pod", "shop", name) for name in names]
    return _graph(frozenset(pairwise(subjects)))


def test_what_is_needed_stands_to_the_right() -> None:
    column = columns(_chain("abcd"))
    assert [column[Subject("Pod", "shop", name)] for name in "abcd"] == [0, 1, 2, 3]


def test_a_circle_is_drawn_all_the_same() -> None:
    assert len(arranged(_chain("abca")).boxes) == 3


@given(GRAPHS)
def test_boxes_never_overlap_and_stay_inside(edges: frozenset[tuple[Subject, Subject]]) -> None:
    drawing = arranged(_graph(edges))
    corners = [(box.x, box.y) for box in drawing.boxes]
    assert all(0 <= x <= drawing.width - WIDTH and 0 <= y <= drawing.height - HEIGHT for x, y in corners)
    for index, (x, y) in enumerate(corners):
        assert all(abs(x - x2) >= WIDTH or abs(y - y2) >= HEIGHT for x2, y2 in corners[index + 1 :])


@given(GRAPHS)
def test_every_node_and_every_edge_is_drawn_and_always_alike(edges: frozenset[tuple[Subject, Subject]]) -> None:
    drawing = arranged(_graph(edges))
    assert len(drawing.boxes) == len({subject for edge in edges for subject in edge})
    assert len(drawing.lines) == len(edges)
    assert drawing == arranged(_graph(frozenset(sorted(edges, reverse=True))))


def test_a_snapshot_is_drawn_with_its_cause_marked() -> None:
    drawing = draw(Topology(Inventory(parse_snapshot(json.dumps(SNAPSHOT).encode()))), CART, "cause")
    boxes = {box.node.subject.kind: box.node for box in drawing.boxes}
    assert boxes["Deployment"].mark == "cause"
    assert boxes["Pod"].health == "failing"
    assert [line.is_felt for line in drawing.lines] == [True, False]
