"""A pod that wants a port of its node where another one has it."""

from tests.investigation.worlds import container, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.host_port_taken import host_port_taken

TAKEN = "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."
FIRES = scene(pod("cart", container(ports=[{"hostPort": 9100}]), node="", unscheduled=TAKEN))

QUIET = scene(pod("cart", container(ports=[{"hostPort": 9100}])))


def test_names_the_port() -> None:
    [found, *_] = look(host_port_taken, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q waits for a node: host port 9100 is taken"
