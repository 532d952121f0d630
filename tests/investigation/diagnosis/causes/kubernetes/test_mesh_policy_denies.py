"""A policy of the service mesh that refuses a caller."""

from tests.investigation.worlds import Document, container, deployment, logs, look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.mesh_policy_denies import mesh_policy_denies

CALLS = {"name": "app", "image": "registry.example/web:1", "env": [{"name": "CART", "value": "http://cart:80"}]}
STRICT = meta("PeerAuthentication", "strict") | {"spec": {"mtls": {"mode": "STRICT"}}}
CLOSED = "get http://cart/: read tcp 10.1.0.7:80: connection reset by peer"


def shop(*policies: Document, proxied: bool, said: str = CLOSED) -> bytes:
    web = pod("web", container(ready=False), *([container("istio-proxy")] if proxied else []))
    cart = pod("cart", container(), container("istio-proxy"))
    callers = (web, deployment("web", containers=[CALLS], ready=0))
    return scene(cart, service(), deployment(), *callers, *policies, logs=logs(web, said, run="current"))


FIRES = shop(STRICT, proxied=False)

QUIET = shop(STRICT, proxied=True)


def test_names_policy_caller_and_service() -> None:
    [found] = look(mesh_policy_denies, FIRES)
    assert found.summary.startswith("PeerAuthentication strict refuses web at service cart")


def test_an_authorization_policy_answers_403() -> None:
    policy = meta("AuthorizationPolicy", "callers") | {"spec": {"selector": {"matchLabels": {"app": "cart"}}}}
    [found] = look(mesh_policy_denies, shop(policy, proxied=True, said="GET http://cart/: 403 RBAC: access denied"))
    assert found.summary == "AuthorizationPolicy callers refuses web at service cart: it does not let it call"
