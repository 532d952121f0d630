"""A pod without the proxy of the service mesh."""

from tests.investigation.worlds import container, deployment, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.mesh_proxy_missing import mesh_proxy_missing

SHOP = meta("Namespace", "shop", labels={"istio-injection": "enabled"})
BARE = pod("cart", container(ready=False))
SAYS = logs(BARE, "get http://orders/: read: connection reset by peer", run="current")
FIRES = scene(SHOP, BARE, deployment(ready=0), logs=SAYS)

PROXIED = pod("cart", container(ready=False), container("istio-proxy"))
QUIET = scene(SHOP, PROXIED, deployment(ready=0), logs=SAYS)


def test_makes_the_pod_anew() -> None:
    [found] = look(mesh_proxy_missing, FIRES)
    assert found.remedies[0].argv[3:5] == ("rollout", "restart")


def test_replicas_that_differ() -> None:
    other = pod("cart", container(), container("istio-proxy"))
    other["metadata"]["name"] = "cart-7f9c4d-x2x1r"
    [found] = look(mesh_proxy_missing, scene(BARE, other, deployment(replicas=2, ready=1)))
    assert found.summary.endswith("1 of its 2 pods have it")


def test_a_pod_may_decline() -> None:
    declined = pod("cart", container(ready=False))
    declined["metadata"]["labels"]["sidecar.istio.io/inject"] = "false"
    assert look(mesh_proxy_missing, scene(SHOP, declined, deployment(ready=0), logs=SAYS)) == []


def test_pods_that_are_well_may_be_older_than_the_mesh() -> None:
    assert look(mesh_proxy_missing, scene(SHOP, pod("cart"), deployment())) == []
