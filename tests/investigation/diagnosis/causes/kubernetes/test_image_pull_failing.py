"""An image that is not pulled, for a reason that nobody recorded."""

from tests.investigation.worlds import event, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_pull_failing import image_pull_failing

WAITS = pod("cart", waiting("ImagePullBackOff"))
FIRES = scene(WAITS)

QUIET = scene(
    WAITS,
    event(
        WAITS, "Failed", 'Failed to pull image "registry.example/cart:1": rpc error: code = NotFound desc = not found'
    ),
)


def test_admits_that_the_reason_is_not_known() -> None:
    [found, *_] = look(image_pull_failing, FIRES)
    assert found.summary == "app in cart-7f9c4d-x2x1q cannot start: registry.example/cart:1 is not pulled"
