"""An image that runs as root where it must not."""

from tests.investigation.worlds import look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.run_as_non_root_violated import run_as_non_root_violated

TOLD = "container has runAsNonRoot and image will run as root (pod: cart)"
FIRES = scene(pod("cart", waiting("CreateContainerConfigError", TOLD), securityContext={"runAsNonRoot": True}))

QUIET = scene(pod("cart", waiting("CreateContainerConfigError", 'secret "cart" not found')))


def test_names_a_user_that_is_no_number() -> None:
    told = "container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root"
    [found] = look(run_as_non_root_violated, scene(pod("cart", waiting("CreateContainerConfigError", told))))
    assert found.summary.endswith("it must not run as root, and its image names the user “app”, not a number")
