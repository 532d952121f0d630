"""An image that takes long to be pulled."""

from tests.investigation.worlds import BEFORE, event, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_pull_slow import image_pull_slow

WAITS = pod("cart", waiting("ContainerCreating"), phase="Pending")
PULLING = 'Pulling image "registry.example/cart:1"'
LONG_AGO = "2026-03-01T11:48:00Z"
FIRES = scene(WAITS, event(WAITS, "Pulling", PULLING, at=LONG_AGO))

QUIET = scene(WAITS, event(WAITS, "Pulling", PULLING, at=BEFORE))


def test_says_for_how_long() -> None:
    [found] = look(image_pull_slow, FIRES)
    assert found.summary == "app in cart-7f9c4d-x2x1q waits: worker-1 pulls registry.example/cart:1 since 12 min"


def test_a_pull_that_ended_is_not_what_it_waits_for() -> None:
    pulled = event(WAITS, "Pulled", "Successfully pulled image", at="2026-03-01T11:55:00Z")
    assert look(image_pull_slow, scene(WAITS, event(WAITS, "Pulling", PULLING, at=LONG_AGO), pulled)) == []
