"""Why the kubelet evicted pods, read from the message that it leaves in their status."""

import re
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

_LOW = re.compile(r"low on resource: (?P<resource>[\w.-]+?)\.? ", re.I)
_AMOUNT = r"(\d[\d.]*[A-Za-z]*)"
_USED = re.compile(rf"Container (\S+) was using {_AMOUNT}, (?:which exceeds its request of|request is) {_AMOUNT}")
# The kubelet keeps the pods that it evicted until somebody clears them away.
_HISTORY = timedelta(hours=6)


class Eviction(NamedTuple):
    """One evicted pod: for want of what, and how much its largest consumer used (base units; 0 where not told)."""

    pod: Pod
    resource: str
    container: str
    used: Fraction
    requested: Fraction
    cite: Citation

    @property
    def excess(self) -> Fraction:
        return self.used - self.requested


def evictions(world: World) -> Iterator[Eviction]:
    """Yield the pods that a node evicted because it ran short of something, not long ago."""
    for pod in world.pods:
        message = pod.text("status/message")
        if not pod.evicted or not (low := _LOW.search(f"{message} ")) or _old(pod, world):
            continue
        told = [
            (parse_quantity(used) or Fraction(0), parse_quantity(asked.rstrip(".")) or Fraction(0), name)
            for name, used, asked in _USED.findall(message)
        ]
        used, asked, name = max(told, default=(Fraction(0), Fraction(0), ""))
        yield Eviction(pod, low["resource"], name, used, asked, pod.cite("status/message", STRONG))


def _old(pod: Pod, world: World) -> bool:
    ended = [held.time("lastTransitionTime") for held in pod.parts("status/conditions")]
    at = max((time for time in ended if time), default=None) or pod.time("status/startTime")
    return world.snapshot.beyond(at, _HISTORY)
