"""A node for which no network was set up."""

from tests.investigation.worlds import condition, ill, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_network_unavailable import node_network_unavailable

FIRES = scene(ill("worker-1", condition("NetworkUnavailable", "True", "NoRouteCreated", "no route")), pod())

QUIET = scene(ill("worker-1", condition("NetworkUnavailable", "False", "RouteCreated", "route created")), pod())


def test_says_why_and_who_is_there() -> None:
    [found] = look(node_network_unavailable, FIRES)
    assert found.summary == "the network of node worker-1 is not set up: no route; 1 pods there"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("node-network-unavailable", "high")
