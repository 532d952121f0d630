"""An image that a node does not have and may not pull."""

from tests.investigation.worlds import deployment, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.image_never_pulled import image_never_pulled

WAITS = waiting("ErrImageNeverPull", imagePullPolicy="Never")
FIRES = scene(pod("cart", WAITS), deployment("cart", ready=0, containers=[WAITS[0]]))

QUIET = scene(pod("cart", waiting("ErrImagePull", imagePullPolicy="Never")))


def test_lets_the_node_pull_and_can_take_it_back() -> None:
    [found] = look(image_never_pulled, FIRES)
    assert '"value": "IfNotPresent"' in found.remedies[0].argv[-1]
    assert found.remedies[0].undo
    assert '"value": "Never"' in found.remedies[0].undo.argv[-1]
