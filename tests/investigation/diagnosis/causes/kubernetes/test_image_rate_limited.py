"""A registry that hands out no more images for now."""

from tests.investigation.worlds import event, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_rate_limited import image_rate_limited

WAITS = pod("cart", waiting("ImagePullBackOff"))
FIRES = scene(
    WAITS,
    event(
        WAITS,
        "Failed",
        'Failed to pull image "registry.example/cart:1": toomanyrequests: You have reached your pull rate limit',
    ),
)

QUIET = scene(
    WAITS,
    event(
        WAITS, "Failed", 'Failed to pull image "registry.example/cart:1": rpc error: code = NotFound desc = not found'
    ),
)


def test_says_that_the_limit_is_reached() -> None:
    [found, *_] = look(image_rate_limited, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q cannot start: the pull limit of registry.example is reached"
