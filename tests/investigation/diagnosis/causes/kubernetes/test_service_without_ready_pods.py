"""A Service that selects pods of which none is ready."""

from tests.investigation.worlds import container, deployment, event, look, pod, scene, service, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.service_without_ready_pods import service_without_ready_pods

CART = pod("cart", container(ready=False))
FIRES = scene(service(), CART, deployment(ready=0))

QUIET = scene(service(), pod("cart"), deployment())


def test_a_pod_that_says_why_speaks_for_itself() -> None:
    refused = pod("cart", waiting("ImagePullBackOff"))
    assert look(service_without_ready_pods, scene(service(), refused, deployment(ready=0))) == []


def test_a_probe_that_fails_says_more() -> None:
    told = event(CART, "Unhealthy", 'Readiness probe failed: command "check" timed out')
    assert look(service_without_ready_pods, scene(service(), CART, deployment(ready=0), told)) == []
