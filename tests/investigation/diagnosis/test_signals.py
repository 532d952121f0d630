"""Which ends of containers still matter."""

import pytest

from tests.investigation.worlds import Document, container, pod, scene, seen
from tocsin.investigation.diagnosis.signals import failed


def serving(restarts: int, began: str, finished: str, **metadata: str) -> Document:
    """Return a pod that serves, whose container ended before."""
    held = container(restarts=restarts)
    times = {"startedAt": f"2026-03-01T{began}:00Z", "finishedAt": f"2026-03-01T{finished}:00Z"}
    held[1]["lastState"] = {"terminated": {"reason": "Error", "exitCode": 1, **times}}
    made = pod("cart", held)
    made["metadata"] |= metadata
    return made


def matters(made: Document) -> bool:
    world = seen(scene(made))
    [held] = world.pods
    return failed(world, held, held.containers[0]) is not None


@pytest.mark.parametrize(
    ("restarts", "began", "finished", "still"),
    [
        (1, "08:00", "11:50", True),  # ten minutes ago
        (1, "02:00", "10:30", False),  # once, and an hour and a half ago
        (4, "11:28", "11:30", False),  # it ran for two minutes, and now for thirty
        (4, "11:00", "11:30", True),  # it ran for thirty minutes, and now for as long
    ],
)
def test_an_end_is_over_when_the_container_serves_for_long_again(
    restarts: int, began: str, finished: str, still: bool
) -> None:
    assert matters(serving(restarts, began, finished)) is still


def test_a_pod_that_is_leaving_may_end_as_it_likes() -> None:
    assert not matters(serving(4, "11:00", "11:30", deletionTimestamp="2026-03-01T11:59:00Z"))
