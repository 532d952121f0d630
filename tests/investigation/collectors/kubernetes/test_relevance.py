import msgspec

from tocsin.investigation.collectors.kubernetes.outlines import PodOutline, ServiceOutline
from tocsin.investigation.collectors.kubernetes.plan import Focus
from tocsin.investigation.collectors.kubernetes.relevance import log_wishes


def pod(
    name: str,
    *,
    owner: str = "",
    restarts: int = 0,
    waiting: str = "",
    ready: bool = True,
    namespace: str = "shop",
    labels: dict[str, str] | None = None,
    told: str = "",
) -> PodOutline:
    state = {"waiting": {"reason": waiting}} if waiting else {"running": {}}
    status = {"name": "app", "ready": ready, "restartCount": restarts, "state": state}
    owners = [{"name": owner}] if owner else []
    metadata = {"name": name, "namespace": namespace, "ownerReferences": owners, "labels": labels or {}}
    spec = {"containers": [{"name": "app", "env": [{"name": "BACKEND", "value": told}]}]}
    document = {"metadata": metadata, "spec": spec, "status": {"phase": "Running", "containerStatuses": [status]}}
    return msgspec.convert(document, PodOutline)


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


def test_whom_a_failing_pod_calls_is_read_before_the_others() -> None:
    crowd = [pod("a"), pod("db-0", labels={"app": "db"}), pod("cart-1", ready=False, told="postgres://db.shop:5432/x")]
    database = msgspec.convert(
        {"metadata": {"name": "db", "namespace": "shop"}, "spec": {"selector": {"app": "db"}}}, ServiceOutline
    )
    wishes, _ = log_wishes(crowd, Focus("", "shop", ""), [database])
    assert [wish.pod for wish in wishes] == ["cart-1", "db-0", "a"]


def test_of_the_system_only_the_name_service_speaks_while_all_is_well() -> None:
    dns = pod("coredns-1", namespace="kube-system", labels={"k8s-app": "kube-dns"})
    proxy, broken = pod("kube-proxy-1", namespace="kube-system"), pod("cni-1", namespace="kube-system", ready=False)
    wishes, _ = log_wishes([dns, proxy, broken], Focus("", "shop", ""))
    assert [wish.pod for wish in wishes] == ["cni-1", "coredns-1"]
