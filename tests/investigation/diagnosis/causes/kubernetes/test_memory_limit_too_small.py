"""A memory limit under which no container can start."""

from tests.investigation.worlds import deployment, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.memory_limit_too_small import memory_limit_too_small

TOLD = "Minimum memory limit allowed is 6MB"
FIRES = scene(pod("cart", waiting("CreateContainerError", TOLD)))

QUIET = scene(pod("cart", waiting("CreateContainerError", "context deadline exceeded")))


def test_quotes_the_runtime() -> None:
    [found, *_] = look(memory_limit_too_small, FIRES)
    assert (
        found.summary
        == "cart-7f9c4d-x2x1q cannot start, its memory limit is too small: Minimum memory limit allowed is 6MB"
    )


def test_writes_mebibytes_where_thousandths_were_written() -> None:
    held = waiting("CreateContainerError", "memory limit too low", resources={"limits": {"memory": "64m"}})
    [found] = look(memory_limit_too_small, scene(pod("cart", held), deployment(ready=0, containers=[held[0]])))
    assert '"value": "64Mi"' in found.remedies[0].argv[-1]
