"""An image that a node cannot store."""

from tests.investigation.worlds import event, look, node, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_unpack_failed import image_unpack_failed

WAITS = pod("cart", waiting("ErrImagePull"))
PULL = 'Failed to pull image "registry.example/cart:1": failed to pull and unpack image'
FIRES = scene(WAITS, node(), event(WAITS, "Failed", f"{PULL}: failed to extract layer: no space left on device"))

QUIET = scene(WAITS, node(), event(WAITS, "Failed", f"{PULL}: not found"))


def test_blames_the_node() -> None:
    [found] = look(image_unpack_failed, FIRES)
    assert str(found.subject) == "Node/worker-1"


def test_an_image_that_cannot_be_read_is_the_nodes_too() -> None:
    [found] = look(image_unpack_failed, scene(pod("cart", waiting("ImageInspectError"))))
    assert found.summary.startswith("worker-1 cannot read registry.example/cart:1")
