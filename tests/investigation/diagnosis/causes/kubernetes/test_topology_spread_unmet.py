"""A pod that must be spread evenly over zones or nodes, where that is not possible."""

from tests.investigation.worlds import look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.topology_spread_unmet import topology_spread_unmet

ZONES = {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}
UNEVEN = "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints. preemption: not helpful"
FIRES = scene(pod("cart", node="", unscheduled=UNEVEN, topologySpreadConstraints=[ZONES]))

QUIET = scene(pod("cart", topologySpreadConstraints=[ZONES]))


def test_names_what_is_spread_over() -> None:
    [found] = look(topology_spread_unmet, FIRES)
    assert found.summary.endswith("100% of the nodes would spread it unevenly over topology.kubernetes.io/zone")


def test_makes_the_constraint_a_wish() -> None:
    [found] = look(topology_spread_unmet, FIRES)
    [change] = [command for command in found.remedies if command.tier == "reversible"]
    assert '"value": "ScheduleAnyway"' in change.argv[-1]
