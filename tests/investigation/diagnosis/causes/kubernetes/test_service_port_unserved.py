"""A Service that forwards to a port on which its pods do not listen."""

from tests.investigation.worlds import container, deployment, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.service_port_unserved import service_port_unserved

SERVES = container(ports=[{"containerPort": 8080}])
FIRES = scene(service(target=8081), pod("cart", SERVES), deployment())

QUIET = scene(service(target=8080), pod("cart", SERVES), deployment())


def test_names_both_ports() -> None:
    [found, *_] = look(service_port_unserved, FIRES)
    assert found.summary == "service cart forwards port 80 to 8081, but its pods serve 8080"


def test_patches_the_target_port() -> None:
    [found] = look(service_port_unserved, FIRES)
    [command] = found.remedies
    assert '"path": "/spec/ports/0/targetPort", "value": 8080' in command.argv[-1]


def test_believes_somebody_who_got_through() -> None:
    probes = [{"target": "cart:80", "succeeded": True}]
    assert look(service_port_unserved, scene(service(target=8081), pod("cart", SERVES), probes=probes)) == []
