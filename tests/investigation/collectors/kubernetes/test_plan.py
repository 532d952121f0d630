import pytest

from tocsin.investigation.collectors.kubernetes.kinds import BY_NAME, Offer
from tocsin.investigation.collectors.kubernetes.plan import Focus, Plan, focus_of, of_cluster, of_namespace, of_node
from tocsin.investigation.diagnosis.cause import catalogue


@pytest.mark.parametrize(
    ("alert", "focus"),
    [
        ({"resource": {"kind": "Pod", "namespace": "shop", "name": "cart-1"}}, Focus("Pod", "shop", "cart-1")),
        ({"resource": {"kind": "Pod", "name": "cart-1"}}, Focus("Pod", "mine", "cart-1")),
        ({"resource": {"kind": "", "name": "cart"}}, Focus("", "mine", "cart")),
        ({"resource": {"namespace": "shop"}}, Focus("", "shop", "")),
        ({"resource": {"kind": "Namespace", "name": "shop"}}, Focus("Namespace", "shop", "shop")),
        ({"resource": {"kind": "Namespace", "name": ""}}, Focus("Namespace", "mine", "mine")),
        ({"labels": {"namespace": "shop", "deployment": "cart"}}, Focus("Deployment", "shop", "cart")),
        ({"labels": {"node": "n1", "namespace": "monitoring"}}, Focus("Node", "", "n1")),
        ({"resource": None, "labels": {"alertname": "Watchdog"}}, Focus("", "", "")),
        ({}, Focus("", "", "")),
    ],
)
def test_the_focus_is_what_the_alert_names(alert: dict[str, object], focus: Focus) -> None:
    assert focus_of(alert, "mine") == focus


OLD = Offer({"/v1": None, "apps/v1": None, "autoscaling/v1": None})


def paths(plan: Plan) -> set[str]:
    return {listing.path for listing in plan.listings}


def test_a_namespace_is_listed_with_what_the_cluster_shares() -> None:
    focus = Focus("Deployment", "shop", "cart")
    found = paths(of_namespace("shop", Offer()) + of_cluster(focus, Offer()))
    assert {"/api/v1/namespaces/shop/pods", "/apis/apps/v1/namespaces/shop/deployments", "/api/v1/nodes"} <= found
    assert not any(path.endswith("/secrets") for path in found)


def test_what_the_cluster_does_not_know_is_not_asked_for_but_known_to_be_absent() -> None:
    plan = of_namespace("shop", OLD)
    assert not any("gateway" in path for path in paths(plan))
    assert "HTTPRoute" in plan.absent


def test_a_version_that_we_do_not_understand_is_said() -> None:
    plan = of_namespace("shop", OLD)
    assert plan.unread["horizontalpodautoscalers"] == "the cluster serves autoscaling in v1, not v2"
    assert "HorizontalPodAutoscaler" not in plan.absent


def test_events_and_leases_of_nodes_are_looked_for_where_they_live() -> None:
    (events, leases) = [
        found for found in of_cluster(Focus("", "shop", ""), Offer()).listings if "of nodes" in found.what
    ]
    assert (events.section, events.query) == ("events", {"fieldSelector": "involvedObject.kind=Node"})
    assert leases.path == "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"


def test_tools_that_act_from_afar_are_kept_where_they_concern_the_namespace() -> None:
    tools = [found for found in of_cluster(Focus("", "shop", ""), Offer()).listings if found.concerning]
    assert {(found.kind, found.concerning) for found in tools} == {
        ("Application", "shop"),
        ("HelmRelease", "shop"),
        ("Kustomization", "shop"),
    }


def test_a_node_is_listed_with_the_pods_on_it_only() -> None:
    (pods,) = of_node("n1").listings
    assert (pods.path, pods.query) == ("/api/v1/pods", {"fieldSelector": "spec.nodeName=n1"})


NEEDED = sorted({need for cause in catalogue() for need in cause.needs if need[:1].isupper()})


@pytest.mark.parametrize("kind", NEEDED)
def test_what_a_cause_needs_is_read(kind: str) -> None:
    assert kind in BY_NAME or kind == "Secret"
