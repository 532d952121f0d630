"""A container was killed for its memory."""

from tests.investigation.worlds import container, event, exited, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.oom_killed import oom_killed

FIRES = scene(pod("cart", exited("OOMKilled", 137, resources={"limits": {"memory": "64Mi"}})))

QUIET = scene(pod("cart", exited("Error", 137, resources={"limits": {"memory": "64Mi"}})))


def test_names_the_limit_and_the_restarts() -> None:
    [found, *_] = look(oom_killed, FIRES)
    assert found.summary == "app in cart-7f9c4d-x2x1q was killed for memory at its limit of 64Mi, 7 restarts so far"


def test_doubles_the_limit_and_can_take_it_back() -> None:
    [found] = look(oom_killed, FIRES)
    [command] = found.remedies
    assert command.argv[-1] == "--limits=memory=128Mi"
    assert command.undo
    assert command.undo.argv[-1] == "--limits=memory=64Mi"


def test_blames_nobody_for_an_end_long_ago() -> None:
    old = {"terminated": {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-02-20T12:00:00Z"}}
    made = container()
    made[1]["lastState"] = old
    assert look(oom_killed, scene(pod("cart", made))) == []


def test_hears_of_a_sandbox_that_was_killed() -> None:
    made = pod("cart", waiting("ContainerCreating"))
    killed = event(made, "FailedCreatePodSandBox", "container init was OOM-killed (memory limit too low?)")
    [found] = look(oom_killed, scene(made, killed))
    assert found.subject.name == "cart"


def test_several_pods_of_a_workload_are_one_finding() -> None:
    limit = {"limits": {"memory": "64Mi"}}
    pods = [pod("cart", exited("OOMKilled", 137, resources=limit)) for _ in range(3)]
    for number, made in enumerate(pods):
        made["metadata"]["name"] = f"cart-7f9c4d-x2x1{number}"
    [found] = look(oom_killed, scene(*pods))
    assert found.summary == "3 pods of cart were killed for memory at their limit of 64Mi, up to 7 restarts"


def test_a_heap_that_does_not_fit_is_told_and_given_room() -> None:
    heap = [{"name": "JAVA_OPTS", "value": "-Xms256m -Xmx1g"}]
    made = pod("cart", exited("OOMKilled", 137, resources={"limits": {"memory": "512Mi"}}, env=heap))
    [found] = look(oom_killed, scene(made))
    assert found.remedies[0].argv[-1] == "--limits=memory=1536Mi"
    assert found.contributing == ["app is told to take a heap of 1Gi, with a limit of 512Mi"]
