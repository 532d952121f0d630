"""An image that was built for another kind of processor."""

from tests.investigation.worlds import Document, deployment, event, exited, logs, look, node, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_architecture_mismatch import image_architecture_mismatch

CRASHED = pod("cart", exited("Error", 255))
WRONG = "exec /usr/bin/cart: exec format error"
FIRES = scene(CRASHED, logs=logs(CRASHED, WRONG))

QUIET = scene(CRASHED, logs=logs(CRASHED, "error: cannot parse: number format error"))


def of(architecture: str, name: str) -> Document:
    made = node(name)
    made["status"]["nodeInfo"] = {"architecture": architecture}
    return made


def test_keeps_the_workload_to_nodes_where_it_is_well() -> None:
    well = pod("cart", node="worker-2")
    well["metadata"]["name"] = "cart-7f9c4d-well1"
    nodes = (of("arm64", "worker-1"), of("amd64", "worker-2"))
    [found] = look(image_architecture_mismatch, scene(CRASHED, well, deployment(), *nodes, logs=logs(CRASHED, WRONG)))
    assert found.summary.endswith("on worker-1 (arm64): it was built for another architecture; it runs on amd64")
    assert '"kubernetes.io/arch": "amd64"' in found.remedies[0].argv[-1]


def test_hears_it_from_the_registry() -> None:
    waits = pod("cart", waiting("ErrImagePull"))
    told = 'Failed to pull image "registry.example/cart:1": no match for platform in manifest: not found'
    assert look(image_architecture_mismatch, scene(waits, event(waits, "Failed", told)))
