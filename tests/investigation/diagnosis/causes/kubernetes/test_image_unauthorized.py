"""An image that the registry does not hand out."""

from tests.investigation.worlds import event, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_unauthorized import image_unauthorized

WAITS = pod("cart", waiting("ImagePullBackOff"))
FIRES = scene(
    WAITS,
    event(WAITS, "Failed", 'Failed to pull image "registry.example/cart:1": pull access denied, authorization failed'),
)

QUIET = scene(
    WAITS,
    event(
        WAITS, "Failed", 'Failed to pull image "registry.example/cart:1": rpc error: code = NotFound desc = not found'
    ),
)


def test_says_that_there_is_no_pull_secret() -> None:
    [found, *_] = look(image_unauthorized, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q may not pull registry.example/cart:1, without a pull secret"


def test_doubts_a_mirror_that_refuses() -> None:
    said = "unexpected status from HEAD request to https://mirror.example/v2/x?ns=registry.example: 403 Forbidden"
    [found] = look(image_unauthorized, scene(WAITS, event(WAITS, "Failed", f"Failed to pull: {said}")))
    assert max(cite.weight for cite in found.cites) < 1
