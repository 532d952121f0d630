import pytest

from tocsin.investigation.collectors.kubernetes.plan import Focus, focus_of, listings


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


def test_a_namespace_is_listed_with_what_the_cluster_shares() -> None:
    paths = {listing.path for listing in listings(Focus("Deployment", "shop", "cart"))}
    assert {"/api/v1/namespaces/shop/pods", "/apis/apps/v1/namespaces/shop/deployments", "/api/v1/nodes"} <= paths
    assert not any("secrets" in path for path in paths)


def test_events_of_nodes_are_looked_for_where_they_live() -> None:
    (of_nodes,) = [listing for listing in listings(Focus("", "shop", "")) if "default" in listing.path]
    assert (of_nodes.section, of_nodes.query) == ("events", {"fieldSelector": "involvedObject.kind=Node"})


def test_a_node_is_listed_with_the_pods_on_it_only() -> None:
    pods, *_ = listings(Focus("Node", "", "n1"))
    assert (pods.path, pods.query) == ("/api/v1/pods", {"fieldSelector": "spec.nodeName=n1"})
