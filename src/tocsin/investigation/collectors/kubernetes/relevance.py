"""Whose logs are worth reading, told from what the pods say about themselves: a pure decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from tocsin.investigation.collectors.kubernetes.plan import Focus

MOST_LOGS = 60
_MOST_TROUBLED_OF_ONE_OWNER = 5
_HEALTHY_OF_ONE_OWNER = 1


class _Owner(msgspec.Struct):
    name: str = ""


class _Metadata(msgspec.Struct):
    name: str
    namespace: str = ""
    owners: list[_Owner] = msgspec.field(default_factory=list, name="ownerReferences")


class _Waiting(msgspec.Struct):
    reason: str = ""


class _Terminated(msgspec.Struct):
    code: int = msgspec.field(default=0, name="exitCode")


class _State(msgspec.Struct):
    waiting: _Waiting | None = None
    terminated: _Terminated | None = None


class _ContainerStatus(msgspec.Struct):
    name: str
    ready: bool = False
    restarts: int = msgspec.field(default=0, name="restartCount")
    state: _State = msgspec.field(default_factory=_State)
    last: _State = msgspec.field(default_factory=_State, name="lastState")


class _PodStatus(msgspec.Struct):
    phase: str = ""
    containers: list[_ContainerStatus] = msgspec.field(default_factory=list, name="containerStatuses")
    init: list[_ContainerStatus] = msgspec.field(default_factory=list, name="initContainerStatuses")


class PodOutline(msgspec.Struct):
    """What a pod's JSON says about whether its logs are worth reading."""

    metadata: _Metadata
    status: _PodStatus = msgspec.field(default_factory=_PodStatus)


@dataclass(frozen=True, slots=True)
class LogWish:
    """A container's output to read; `previous` is that of the run before."""

    namespace: str
    pod: str
    container: str
    previous: bool


def log_wishes(pods: Iterable[PodOutline], focus: Focus) -> tuple[list[LogWish], int]:
    """The logs worth reading, the most telling first, and how many of troubled containers were left out.

    Containers in trouble and those of the alert's resource come first; of what is healthy, one pod an owner.
    """
    scored = [(_score(pod, status, focus), pod, status) for pod in pods for status in _containers(pod)]
    scored.sort(key=lambda entry: (-entry[0], entry[1].metadata.name, entry[2].name))
    of_owner: Counter[tuple[str, str, bool]] = Counter()
    wishes: list[LogWish] = []
    left_out = 0
    for score, pod, status in scored:
        owner = pod.metadata.owners[0].name if pod.metadata.owners else pod.metadata.name
        kin = (owner, status.name, score > 0)
        of_owner[kin] += 1
        enough = of_owner[kin] > (_MOST_TROUBLED_OF_ONE_OWNER if score > 0 else _HEALTHY_OF_ONE_OWNER)
        if enough or len(wishes) >= MOST_LOGS:
            left_out += score > 0
            continue
        wishes.extend(_runs(pod, status))
    return wishes, left_out


def _containers(pod: PodOutline) -> list[_ContainerStatus]:
    """Those that ever ran; init containers only while they fail or hold the pod up."""
    init = [status for status in pod.status.init if not status.ready]
    return [status for status in (*pod.status.containers, *init) if status.restarts or status.state.waiting is None]


def _score(pod: PodOutline, status: _ContainerStatus, focus: Focus) -> int:
    score = 0
    if status.state.waiting or (status.state.terminated and status.state.terminated.code):
        score += 50
    elif not status.ready and pod.status.phase != "Succeeded":
        score += 30
    if status.restarts:
        score += 20
    if focus.name and f"{pod.metadata.name}-".startswith(f"{focus.name}-"):
        score += 60
    return score


def _runs(pod: PodOutline, status: _ContainerStatus) -> list[LogWish]:
    namespace, name = pod.metadata.namespace, pod.metadata.name
    runs = [LogWish(namespace, name, status.name, previous=False)]
    if status.restarts or status.last.terminated:
        runs.insert(0, LogWish(namespace, name, status.name, previous=True))
    return runs
