"""A node whose CPU is used up, so that its pods wait for one another."""

from typing import Any

from tests.investigation.worlds import container, deployment, look, meta, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_cpu_saturated import node_cpu_saturated


def uses(cpu: str) -> dict[str, Any]:
    made = meta("NodeMetrics", "worker-1") | {"usage": {"cpu": cpu}}
    del made["metadata"]["namespace"]
    return made


NODE = node()
NODE["status"]["allocatable"] = {"cpu": "4"}
GREEDY = meta("PodMetrics", "batch-7f9c4d-x2x1q") | {"containers": [{"name": "app", "usage": {"cpu": "3500m"}}]}
STARVED = pod("cart", container(ready=False))
FIRES = scene(NODE, uses("3950m"), STARVED, deployment(ready=0), pod("batch"), deployment("batch"), GREEDY)

QUIET = scene(NODE, uses("2100m"), STARVED, deployment(ready=0), pod("batch"), deployment("batch"), GREEDY)


def test_names_who_uses_most() -> None:
    [found] = look(node_cpu_saturated, FIRES)
    assert found.summary == "node worker-1 uses 3950m of 4 CPUs; app in batch-7f9c4d-x2x1q uses 3500m"


def test_a_busy_node_on_which_all_is_well_is_no_trouble() -> None:
    assert look(node_cpu_saturated, scene(NODE, uses("3950m"), pod(), deployment())) == []


def test_ranks_first_where_nothing_else_explains_it() -> None:
    assert diagnose(parse_snapshot(FIRES)).hypotheses[0].cause == "node-cpu-saturated"
