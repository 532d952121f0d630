"""A runtime class that pods shall run under and that the cluster, or the node, does not have."""

from tests.investigation.worlds import deployment, event, look, meta, pod, replicaset, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.runtime_class_missing import runtime_class_missing

ABSENT = 'Error creating: pods "cart-7f9c41-abcde" is forbidden: pod rejected: RuntimeClass "gvisor" not found'
SET = replicaset()
FIRES = scene(SET, deployment(ready=0), event(SET, "FailedCreate", ABSENT))

QUIET = scene(SET, deployment(ready=0), event(SET, "FailedCreate", ABSENT), meta("RuntimeClass", "gvisor"))


def test_names_the_class() -> None:
    [found] = look(runtime_class_missing, FIRES)
    assert found.summary == "no pod of cart can be made: runtime class gvisor does not exist"


def test_names_a_runtime_that_the_node_does_not_have() -> None:
    starting = pod("cart", waiting("ContainerCreating"))
    text = 'Failed to create pod sandbox: rpc error: code = Unknown desc = no runtime for "runsc" is configured'
    [found] = look(runtime_class_missing, scene(starting, event(starting, "FailedCreatePodSandBox", text)))
    assert found.summary.endswith("cannot start: runtime runsc is not configured on worker-1")
