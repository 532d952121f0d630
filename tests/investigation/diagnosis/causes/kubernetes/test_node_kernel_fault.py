"""A node whose kernel or hardware reports a fault."""

from tests.investigation.worlds import condition, event, ill, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_kernel_fault import node_kernel_fault

BROKEN = condition("ReadonlyFilesystem", "True", "FilesystemIsReadOnly", "EXT4-fs error: remounting read-only")
FIRES = scene(ill("worker-1", BROKEN), pod())

QUIET = scene(ill("worker-1", BROKEN | {"status": "False"}), pod())


def test_quotes_the_kernel() -> None:
    [found] = look(node_kernel_fault, FIRES)
    told = "node worker-1 reports ReadonlyFilesystem: EXT4-fs error: remounting read-only; 1 pods are on it"
    assert found.summary == told


def test_one_event_is_not_enough() -> None:
    hung = event(node(), "TaskHung", "INFO: task dockerd:20744 blocked for more than 120 seconds.")
    assert look(node_kernel_fault, scene(node(), hung)) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("node-kernel-fault", "high")
