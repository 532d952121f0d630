"""A node whose container runtime does not run or does not answer."""

from tests.investigation.worlds import condition, event, ill, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.container_runtime_down import container_runtime_down

PLEG = "PLEG is not healthy: pleg was last seen active 4m1.2s ago; threshold is 3m0s"
FIRES = scene(ill("worker-1", condition("Ready", "False", "KubeletNotReady", PLEG)), pod())

QUIET = scene(ill("worker-1", condition("Ready", "False", "KubeletNotReady", "node is shutting down")), pod())

DEAD = {"node": "worker-1", "service": "containerd", "active": False, "state": "failed (Result: exit-code)"}
REFUSED = 'dial unix /run/containerd/containerd.sock: connect: connection refused"'


def test_quotes_the_kubelet() -> None:
    [found] = look(container_runtime_down, FIRES)
    assert found.summary == f"the container runtime of worker-1 does not answer its kubelet: {PLEG}"


def test_a_service_that_is_down_is_told_with_what_pods_heard() -> None:
    waits = pod()
    told = scene(waits, event(waits, "FailedCreatePodSandBox", REFUSED), node_services=[DEAD])
    [found] = look(container_runtime_down, told)
    assert found.summary.startswith("containerd on worker-1 is failed (Result: exit-code)")
    assert len(found.cites) == 2


def test_docker_off_where_containerd_runs_is_nothing() -> None:
    other = DEAD | {"service": "docker"}
    assert look(container_runtime_down, scene(pod(), node_services=[other, DEAD | {"active": True}])) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject), first.confidence_label) == (
        "container-runtime-down",
        "Node/worker-1",
        "high",
    )
