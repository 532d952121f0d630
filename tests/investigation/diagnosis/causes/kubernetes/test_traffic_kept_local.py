"""A Service that serves only from the node on which the request arrives."""

from tests.investigation.worlds import container, deployment, logs, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.traffic_kept_local import traffic_kept_local

CALLS = {"name": "app", "image": "registry.example/web:1", "env": [{"name": "CART", "value": "http://cart:80"}]}
LOCAL = service()
LOCAL["spec"]["internalTrafficPolicy"] = "Local"


def called_from(node: str) -> bytes:
    web = pod("web", container(ready=False), node=node)
    says = logs(web, "dial tcp cart:80: i/o timeout", run="current")
    return scene(LOCAL, pod("cart"), deployment(), web, deployment("web", containers=[CALLS], ready=0), logs=says)


FIRES = called_from("worker-2")

QUIET = called_from("worker-1")


def test_names_the_node_without_a_pod() -> None:
    [found] = look(traffic_kept_local, FIRES)
    assert "and worker-2, from where web calls it, runs none of its pods" in found.summary
