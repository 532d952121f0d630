"""A node's kubelet that does not run, or does not report."""

from tests.investigation.worlds import condition, deployment, ill, look, meta, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.kubelet_down import kubelet_down

SILENT = condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
SILENT["lastHeartbeatTime"] = "2026-03-01T11:51:00Z"
OTHER = condition("Ready", "False", "KubeletNotReady", "container runtime is down")
LEASE = meta("Lease", "worker-1") | {"spec": {"renewTime": "2026-03-01T11:51:10.000000Z"}}
LEASE["metadata"]["namespace"] = "kube-node-lease"
FIRES = scene(ill("worker-1", SILENT), LEASE, pod(), deployment())

QUIET = scene(ill("worker-1", OTHER), LEASE, pod(), deployment())

STOPPED = {"node": "worker-1", "service": "kubelet", "active": False, "state": "inactive (dead)"}


def test_says_since_when_and_how_many_pods() -> None:
    [found] = look(kubelet_down, FIRES)
    assert found.summary == "the kubelet of worker-1 stopped reporting 9 min ago; 1 pods are on it"


def test_cites_the_lease_that_was_not_renewed() -> None:
    [found] = look(kubelet_down, FIRES)
    assert found.cites[-1].ref == "Lease/kube-node-lease/worker-1#/spec/renewTime"


def test_a_service_that_is_down_is_started() -> None:
    [found] = look(kubelet_down, scene(pod(), node_services=[STOPPED]))
    assert found.remedies[0].argv[-3:] == ("systemctl", "start", "kubelet")


def test_a_kubelet_without_its_runtime_is_not_the_cause() -> None:
    runtime = STOPPED | {"service": "containerd"}
    assert look(kubelet_down, scene(pod(), node_services=[STOPPED, runtime])) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject), first.confidence_label) == ("kubelet-down", "Node/worker-1", "high")
