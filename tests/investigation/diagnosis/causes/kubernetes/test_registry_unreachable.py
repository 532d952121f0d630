"""A registry that nodes cannot reach."""

from tests.investigation.worlds import event, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.registry_unreachable import registry_unreachable

WAITS = pod("cart", waiting("ImagePullBackOff"))
FIRES = scene(
    WAITS,
    event(
        WAITS,
        "Failed",
        'Failed to pull image "registry.example/cart:1": dial tcp: lookup registry.example: no such host',
    ),
)

QUIET = scene(
    WAITS,
    event(
        WAITS, "Failed", 'Failed to pull image "registry.example/cart:1": rpc error: code = NotFound desc = not found'
    ),
)


def test_names_the_registry() -> None:
    [found, *_] = look(registry_unreachable, FIRES)
    assert (
        found.summary == "cart-7f9c4d-x2x1q cannot start: the registry registry.example is out of reach (no such host)"
    )


def test_a_registry_that_speaks_no_tls_is_out_of_reach_too() -> None:
    said = "http: server gave HTTP response to HTTPS client"
    [found] = look(registry_unreachable, scene(WAITS, event(WAITS, "Failed", f"Failed to pull: {said}")))
    assert "server gave HTTP response to HTTPS client" in found.summary
