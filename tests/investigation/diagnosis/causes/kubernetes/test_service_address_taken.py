"""A port or address of a Service that cannot be allocated."""

from tests.investigation.worlds import Document, event, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.service_address_taken import service_address_taken

WHY = "Node port 30080 was assigned to multiple services; please recreate service"


def on(number: int, name: str = "cart") -> Document:
    made = service(name)
    made["spec"]["ports"][0]["nodePort"] = number
    return made


FIRES = scene(on(30080), pod(), event(on(30080), "PortAlreadyAllocated", WHY))

QUIET = scene(on(30080), on(30081, "web"), pod())


def test_two_services_with_one_port() -> None:
    [found] = look(service_address_taken, scene(on(30080), on(30080, "web")))
    assert found.summary == "service web and service cart both have node port 30080"
