"""A container that was killed, and not for its memory."""

from tests.investigation.worlds import event, exited, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.container_killed import container_killed

KILLED = pod("cart", exited("Error", 137), terminationGracePeriodSeconds=20)
FIRES = scene(KILLED, event(KILLED, "ExceededGracePeriod", "Container runtime did not kill the pod within 20 seconds"))

QUIET = scene(pod("cart", exited("OOMKilled", 137)))


def test_says_that_it_is_not_memory() -> None:
    [found] = look(container_killed, FIRES)
    assert "was killed, and not for memory" in found.summary
    assert "has 20 s for it" in found.summary


def test_leaves_the_kill_of_a_probe_to_the_probe() -> None:
    told = event(KILLED, "Killing", "Container app failed liveness probe, will be restarted")
    assert look(container_killed, scene(KILLED, told)) == []
