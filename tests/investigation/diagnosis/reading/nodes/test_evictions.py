"""Why the kubelet evicted pods."""

from fractions import Fraction

import pytest

from tests.investigation.worlds import Document, pod, world
from tocsin.investigation.diagnosis.reading.nodes.evictions import evictions

NEW = "Container app was using 2Gi, request is 512Mi, has larger consumption of memory. "
OLD = "Container app was using 2Gi, which exceeds its request of 512Mi. "


def gone(message: str, at: str = "2026-03-01T11:50:00Z") -> Document:
    made = pod(phase="Failed")
    made["status"] |= {"reason": "Evicted", "message": message}
    made["status"]["conditions"][0]["lastTransitionTime"] = at
    return made


@pytest.mark.parametrize("used", [NEW, OLD])
def test_reads_what_was_used_whatever_the_version(used: str) -> None:
    [held] = evictions(world(gone(f"The node was low on resource: memory. {used}")))
    assert (held.resource, held.container, held.excess) == ("memory", "app", Fraction(3 * 2**29))


def test_the_largest_of_several_containers_is_told() -> None:
    more = "Container side was using 100Mi, request is 0, has larger consumption of memory. "
    [held] = evictions(world(gone(f"The node was low on resource: memory. {more}{NEW}")))
    assert held.container == "app"


def test_an_eviction_of_this_morning_is_history() -> None:
    low = "The node was low on resource: memory. "
    assert list(evictions(world(gone(low, at="2026-03-01T03:00:00Z")))) == []
