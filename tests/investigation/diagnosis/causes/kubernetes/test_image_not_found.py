"""An image that the registry does not have."""

from tests.investigation.worlds import NAMESPACE, event, look, pod, replicaset, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_not_found import image_not_found

NOT_FOUND = 'Failed to pull image "registry.example/cart:1": rpc error: code = NotFound desc = not found'
WAITS = pod("cart", waiting("ImagePullBackOff"))
FIRES = scene(
    WAITS,
    event(WAITS, "Failed", NOT_FOUND),
)

QUIET = scene(
    WAITS,
    event(
        WAITS,
        "Failed",
        'Failed to pull image "registry.example/cart:1": dial tcp: lookup registry.example: no such host',
    ),
)


def test_names_the_image() -> None:
    [found, *_] = look(image_not_found, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q cannot start: the registry has no registry.example/cart:1"


def test_goes_back_to_the_revision_before() -> None:
    [found] = look(image_not_found, FIRES)
    assert found.remedies[0].argv == ("kubectl", "-n", NAMESPACE, "rollout", "undo", "deployment/cart")


def test_puts_the_former_image_back_where_it_is_known() -> None:
    former = replicaset(revision=1, containers=[{"name": "app", "image": "registry.example/cart:0"}])
    [found] = look(image_not_found, scene(WAITS, event(WAITS, "Failed", NOT_FOUND), former))
    assert found.remedies[0].argv[-1] == "app=registry.example/cart:0"
