"""Whose logs are worth reading, told from what the pods say about themselves: a pure decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.investigation.collectors.kubernetes.outlines import ContainerStatus, PodOutline, ServiceOutline, words
from tocsin.investigation.collectors.kubernetes.plan import SYSTEM, Focus

MOST_LOGS = 60
_MOST_TROUBLED_OF_ONE_OWNER = 5
_HEALTHY_OF_ONE_OWNER = 1
_OF_THE_FOCUS, _OF_A_CALLEE = 60, 10
# What answers names is read even when it looks healthy: it is asked by everybody, and failing says so in its log.
_NAME_SERVICE = ("k8s-app", "kube-dns")


@dataclass(frozen=True, slots=True)
class LogWish:
    """A container's output to read; `previous` is that of the run before, `score` how much it may tell (0: background)."""

    namespace: str
    pod: str
    container: str
    previous: bool
    score: int = 0


def log_wishes(
    pods: Sequence[PodOutline], focus: Focus, services: Iterable[ServiceOutline] = ()
) -> tuple[list[LogWish], int]:
    """The logs worth reading, the most telling first, and how many of troubled containers were left out.

    Containers in trouble and those of the alert's resource come first, then those that these call; of what is healthy,
    one pod an owner, and of the cluster's own namespace the name service alone.
    """
    callees = _callees(pods, focus, services)
    scored = [(_score(pod, status, focus, callees), pod, status) for pod in pods for status in _containers(pod)]
    scored = [entry for entry in scored if entry[0] or _is_background(entry[1])]
    scored.sort(key=lambda entry: (-entry[0], entry[1].metadata.name, entry[2].name))
    of_owner: Counter[tuple[str, str, str, bool]] = Counter()
    wishes: list[LogWish] = []
    left_out = 0
    for score, pod, status in scored:
        is_telling = score > _OF_A_CALLEE
        kin = (pod.metadata.namespace, pod.owner, status.name, is_telling)
        of_owner[kin] += 1
        enough = of_owner[kin] > (_MOST_TROUBLED_OF_ONE_OWNER if is_telling else _HEALTHY_OF_ONE_OWNER)
        if enough or len(wishes) >= MOST_LOGS:
            left_out += is_telling
            continue
        wishes.extend(_runs(pod, status, score))
    return wishes, left_out


def _containers(pod: PodOutline) -> list[ContainerStatus]:
    """Those that ever ran; init containers only while they fail or hold the pod up."""
    init = [status for status in pod.status.init or () if not status.ready]
    return [
        status for status in (*(pod.status.containers or ()), *init) if status.restarts or status.state.waiting is None
    ]


def _is_background(pod: PodOutline) -> bool:
    return pod.metadata.namespace != SYSTEM or _NAME_SERVICE in (pod.metadata.labels or {}).items()


def _is_focus(pod: PodOutline, focus: Focus) -> bool:
    return bool(focus.name) and f"{pod.metadata.name}-".startswith(f"{focus.name}-")


def _callees(pods: Sequence[PodOutline], focus: Focus, services: Iterable[ServiceOutline]) -> set[int]:
    """The pods, by id, behind Services that the environment of a troubled pod names."""
    callers = [pod for pod in pods if pod.is_troubled or _is_focus(pod, focus)]
    named = {word for pod in callers for text in pod.spec.texts for word in words(text)}
    called = [service for service in services if service.metadata.name in named]
    return {id(pod) for service in called for pod in pods if service.selects(pod)}


def _score(pod: PodOutline, status: ContainerStatus, focus: Focus, callees: set[int]) -> int:
    score = _OF_A_CALLEE if id(pod) in callees else 0
    if status.state.waiting or (status.state.terminated and status.state.terminated.code):
        score += 50
    elif not status.ready and pod.status.phase != "Succeeded":
        score += 30
    if status.restarts:
        score += 20
    if _is_focus(pod, focus):
        score += _OF_THE_FOCUS
    return score


def _runs(pod: PodOutline, status: ContainerStatus, score: int) -> list[LogWish]:
    place = pod.metadata.namespace, pod.metadata.name, status.name
    runs = [LogWish(*place, previous=False, score=score)]
    if status.restarts or status.last.terminated:
        runs.insert(0, LogWish(*place, previous=True, score=score))
    return runs
