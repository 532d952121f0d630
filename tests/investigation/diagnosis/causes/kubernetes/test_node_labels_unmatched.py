"""A pod that asks for node labels that no node has."""

from tests.investigation.worlds import look, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.node_labels_unmatched import node_labels_unmatched

NO_MATCH = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."
FIRES = scene(pod("cart", node="", unscheduled=NO_MATCH, nodeSelector={"disk": "ssd"}), node(labels={"disk": "hdd"}))

QUIET = scene(pod("cart", nodeSelector={"disk": "ssd"}), node(labels={"disk": "ssd"}))


def test_names_the_labels() -> None:
    [found, *_] = look(node_labels_unmatched, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q waits for a node: none matches disk=ssd"


def test_speaks_against_itself_where_a_node_matches() -> None:
    made = pod("cart", node="", unscheduled=NO_MATCH, nodeSelector={"disk": "ssd"})
    found = look(node_labels_unmatched, scene(made, node(labels={"disk": "ssd"})))
    assert [finding.against for finding in found] == ["node-labels-unmatched", ""]


def test_offers_the_most_similar_label_that_there_is() -> None:
    picky = pod("cart", node="", unscheduled=NO_MATCH, nodeSelector={"disk": "sdd"})
    [found] = look(node_labels_unmatched, scene(picky, node(labels={"disk": "ssd"})))
    assert found.summary.endswith("none matches disk=sdd; there is disk=ssd")
    assert '"path": "/spec/template/spec/nodeSelector/disk", "value": "ssd"' in found.remedies[0].argv[-1]
