"""Nodes that hold as many pods as they may."""

from typing import Any

from tests.investigation.worlds import deployment, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_pods_full import node_pods_full


def small(most: int) -> dict[str, Any]:
    made = node()
    made["status"]["allocatable"] = {"pods": str(most), "cpu": "8"}
    return made


def waits(why: str) -> dict[str, Any]:
    return pod("cart", node="", unscheduled=f"0/1 nodes are available: 1 {why}. preemption: not helpful.")


FIRES = scene(small(1), pod("web"), waits("Too many pods"), deployment(ready=0))

QUIET = scene(small(1), pod("web"), waits("Insufficient cpu"), deployment(ready=0))


def test_counts_the_pods_of_the_node() -> None:
    [found] = look(node_pods_full, FIRES)
    assert found.summary.endswith("waits for a node: 100% of the nodes take no more pods; worker-1 holds 1 of 1")


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("node-pods-full", "high")
