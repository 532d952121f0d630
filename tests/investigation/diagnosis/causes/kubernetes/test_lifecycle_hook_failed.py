"""A lifecycle hook that fails."""

from tests.investigation.worlds import event, exited, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.lifecycle_hook_failed import lifecycle_hook_failed

HOOK = {"postStart": {"exec": {"command": ["warm-up"]}}}
MADE = pod("cart", waiting("PostStartHookError", lifecycle=HOOK))
SAID = "Exec lifecycle hook ([warm-up]) for Container \"app\" failed - error: command 'warm-up' exited with 1"
FIRES = scene(MADE, event(MADE, "FailedPostStartHook", SAID))

QUIET = scene(pod("cart", exited("Error", 1, lifecycle=HOOK)))


def test_says_what_the_hook_ended_with() -> None:
    [found] = look(lifecycle_hook_failed, FIRES)
    assert found.summary == "the postStart hook of app in cart-7f9c4d-x2x1q fails: command 'warm-up' exited with 1"


def test_hears_of_it_after_the_restart() -> None:
    crashed = pod("cart", exited("Error", 137, lifecycle=HOOK))
    assert look(lifecycle_hook_failed, scene(crashed, event(crashed, "FailedPostStartHook", SAID)))
