"""An application whose memory grows without end."""

from tests.investigation.diagnosis.causes.kubernetes.test_network_delay import metric
from tests.investigation.worlds import deployment, exited, logs, look, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.memory_leak import memory_leak

MEBI = 2.0**20
CART = deployment(containers=[{"name": "app", "resources": {"limits": {"memory": "512Mi"}}}])
GROWN = metric("memory_working_set", 480 * MEBI, 150 * MEBI, "cart", unit="bytes")
FIRES = scene(CART, service(), metrics=[GROWN])

QUIET = scene(CART, service(), metrics=[GROWN, metric("request_rate", 90.0, 20.0, "cart", unit="requests per second")])


def test_tells_the_growth_and_how_near_the_limit_is() -> None:
    [found] = look(memory_leak, FIRES)
    assert found.summary == "cart uses 3.2 times its usual memory, 94% of its limit"


def test_growth_far_from_the_limit_is_left_alone() -> None:
    assert look(memory_leak, scene(CART, service(), metrics=[GROWN | {"value": 310 * MEBI}])) == []


def test_a_heap_that_is_used_up_is_told_by_the_runtime() -> None:
    crashed = pod("cart", exited("Error", 1))
    said = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"
    document = scene(crashed, logs=logs(crashed, said))
    assert diagnose(parse_snapshot(document)).hypotheses[0].cause == "memory-leak"


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence > 0.85) == ("memory-leak", True)


def test_one_line_of_a_container_that_serves_is_not_believed() -> None:
    well = pod("cart")
    told = logs(well, "2026-03-01T11:57:00Z ERROR java.lang.OutOfMemoryError: Java heap space", run="current")
    [held] = diagnose(parse_snapshot(scene(well, deployment(), logs=told))).hypotheses
    assert held.confidence < 0.6
