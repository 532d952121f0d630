"""A workload of which nobody wants a single replica."""

from tests.investigation.worlds import deployment, look, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.scaled_to_zero import scaled_to_zero

FIRES = scene(service(), deployment(replicas=0))

QUIET = scene(deployment("batch", replicas=0), service(), deployment())


def test_names_the_service_that_waits() -> None:
    [found, *_] = look(scaled_to_zero, FIRES)
    assert found.summary == "cart is scaled to zero, and service cart has nobody else to send requests to"
