"""A Service that forwards by another protocol than its pods speak."""

from tests.investigation.worlds import Document, container, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.service_protocol_mismatch import service_protocol_mismatch

SERVES = container(ports=[{"containerPort": 8080}])


def forwarding(*protocols: str) -> Document:
    made = service()
    [port] = made["spec"]["ports"]
    return made | {"spec": made["spec"] | {"ports": [port | {"protocol": protocol} for protocol in protocols]}}


FIRES = scene(forwarding("UDP"), pod("cart", SERVES))

QUIET = scene(forwarding("TCP"), pod("cart", SERVES))


def test_names_both_protocols() -> None:
    [found] = look(service_protocol_mismatch, FIRES)
    assert found.summary == "service cart forwards port 80 as UDP, but its pods serve it as TCP"
    assert '"path": "/spec/ports/0/protocol", "value": "TCP"' in found.remedies[0].argv[-1]


def test_one_port_by_both_protocols_is_no_mistake() -> None:
    assert look(service_protocol_mismatch, scene(forwarding("TCP", "UDP"), pod("cart", SERVES))) == []


def test_believes_a_probe_that_passes() -> None:
    asked = container(readinessProbe={"tcpSocket": {"port": 8080}})
    assert look(service_protocol_mismatch, scene(forwarding("UDP"), pod("cart", asked)))
