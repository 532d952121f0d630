import msgspec
import pytest

from tocsin.investigation.collectors.kubernetes.plan import Focus, PodOutline, focus_of, listings, log_wishes


def pod(name: str, *, owner: str = "", restarts: int = 0, waiting: str = "", ready: bool = True) -> PodOutline:
    state = {"waiting": {"reason": waiting}} if waiting else {"running": {}}
    status = {"name": "app", "ready": ready, "restartCount": restarts, "state": state}
    metadata = {"name": name, "namespace": "shop", "ownerReferences": [{"name": owner}] if owner else []}
    return msgspec.convert({"metadata": metadata, "status": {"containerStatuses": [status]}}, PodOutline)


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


def test_a_restarted_container_is_read_before_a_healthy_one_and_its_previous_run_first() -> None:
    wishes, _ = log_wishes([pod("a"), pod("b", restarts=2, waiting="CrashLoopBackOff")], Focus("", "shop", ""))
    assert [(wish.pod, wish.previous) for wish in wishes] == [("b", True), ("b", False), ("a", False)]


def test_the_alerts_own_pods_come_first() -> None:
    wishes, _ = log_wishes([pod("a", ready=False), pod("cart-1")], Focus("Deployment", "shop", "cart"))
    assert wishes[0].pod == "cart-1"


def test_a_container_that_never_started_has_no_logs_to_read() -> None:
    assert log_wishes([pod("a", waiting="ImagePullBackOff", ready=False)], Focus("", "shop", "")) == ([], 0)


def test_one_pod_speaks_for_its_healthy_siblings() -> None:
    wishes, left_out = log_wishes([pod(f"cart-{n}", owner="cart") for n in range(9)], Focus("", "shop", ""))
    assert (len(wishes), left_out) == (1, 0)


def test_troubled_containers_beyond_the_bound_are_counted() -> None:
    crowd = [pod(f"cart-{n}", owner="cart", ready=False) for n in range(9)]
    wishes, left_out = log_wishes(crowd, Focus("", "shop", ""))
    assert (len(wishes), left_out) == (5, 4)
