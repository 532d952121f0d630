"""In which namespaces of a big cluster the trouble is, told from an overview of its pods and warnings: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from tocsin.investigation.collectors.kubernetes.outlines import PodOutline

# A pod that fails says more than a warning, of which one fault may write many.
_FAILING, _WARNING, _MOST_WARNINGS = 10, 1, 20
_pod_decoder = msgspec.json.Decoder(PodOutline)


class _Metadata(msgspec.Struct):
    namespace: str = ""


class _Event(msgspec.Struct):
    metadata: _Metadata


_event_decoder = msgspec.json.Decoder(_Event)


class Tally:
    """Counts pods and trouble by namespace."""

    def __init__(self) -> None:
        self._pods: Counter[str] = Counter()
        self._failing: Counter[str] = Counter()
        self._warnings: Counter[str] = Counter()

    @property
    def pods(self) -> int:
        """How many pods there are."""
        return self._pods.total()

    def add_pods(self, items: Iterable[bytes]) -> None:
        """Count some pods. Raises msgspec.DecodeError."""
        for pod in map(_pod_decoder.decode, items):
            self._pods[pod.metadata.namespace] += 1
            self._failing[pod.metadata.namespace] += pod.is_failing

    def add_warnings(self, items: Iterable[bytes]) -> None:
        """Count some events of type Warning. Raises msgspec.DecodeError."""
        self._warnings.update(_event_decoder.decode(raw).metadata.namespace for raw in items)

    def worst(self, most: int) -> list[str]:
        """The namespaces with most trouble; where there is none at all, those with most pods."""
        ranked = sorted(self._pods, key=lambda name: (-self._trouble(name), -self._pods[name], name))
        troubled = [name for name in ranked if self._trouble(name)]
        return (troubled or ranked)[:most]

    def left_out(self, read: Iterable[str]) -> str:
        """What is to be said of the namespaces that were not `read`; empty where there are none."""
        others = self._pods.keys() - set(read)
        troubled = sum(self._failing[name] > 0 for name in others)
        pods = sum(self._pods[name] for name in others)
        if not others:
            return ""
        return (
            f"{len(others)} namespaces with {pods} pods were only looked over; {troubled} of them have pods that fail"
        )

    def _trouble(self, name: str) -> int:
        return _FAILING * self._failing[name] + _WARNING * min(self._warnings[name], _MOST_WARNINGS)
