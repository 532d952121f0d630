"""A node that runs out of process ids."""

from tests.investigation.worlds import condition, ill, logs, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_pid_pressure import node_pid_pressure

SHORT = condition("PIDPressure", "True", "KubeletHasInsufficientPID", "kubelet has insufficient PID available")
REFUSED = logs(pod(), "bash: fork: retry: Resource temporarily unavailable", run="current")
FIRES = scene(ill("worker-1", SHORT), pod(), logs=REFUSED)

QUIET = scene(ill("worker-1", SHORT | {"status": "False"}), pod(), logs=REFUSED)


def test_says_who_was_refused_a_thread() -> None:
    [found] = look(node_pid_pressure, FIRES)
    assert found.contributing == ["cart-7f9c4d-x2x1q could not start a thread"]


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject), first.confidence_label) == ("node-pid-pressure", "Node/worker-1", "high")
