"""A Service of type LoadBalancer that has no address."""

from tests.investigation.worlds import Document, event, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.load_balancer_pending import load_balancer_pending

WHY = "Error syncing load balancer: failed to ensure load balancer: QuotaExceeded"


def balanced(*addresses: Document) -> Document:
    made = service() | {"status": {"loadBalancer": {"ingress": list(addresses)} if addresses else {}}}
    return made | {"spec": made["spec"] | {"type": "LoadBalancer"}}


FIRES = scene(balanced(), pod(), event(balanced(), "SyncLoadBalancerFailed", WHY))

QUIET = scene(balanced({"ip": "203.0.113.7"}), pod(), event(balanced(), "SyncLoadBalancerFailed", WHY))


def test_says_what_the_controller_said() -> None:
    [found] = look(load_balancer_pending, FIRES)
    assert found.summary == f"service cart has no load balancer: {WHY}"


def test_without_a_word_it_counts_only_where_others_have_one() -> None:
    old = balanced()
    old["metadata"]["creationTimestamp"] = "2026-03-01T10:00:00Z"
    other = balanced({"ip": "203.0.113.7"}) | {"metadata": service("web")["metadata"]}
    assert look(load_balancer_pending, scene(old, pod())) == []
    assert look(load_balancer_pending, scene(old, other, pod()))


def test_has_patience_with_a_new_service() -> None:
    assert look(load_balancer_pending, scene(balanced(), pod())) == []
