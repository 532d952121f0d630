"""A pod that had to go so that one of higher priority could have its place."""

import re
from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World, cite_event

_BY = re.compile(r"[Pp]reempted by (?:a )?pod (?P<who>\S+)(?: on node (?P<node>\S+))?")
_LATELY = timedelta(hours=1)


@cause("scheduling", modes=("sched.preempted",), needs=("Pod",))
def pod_preempted(world: World) -> Iterator[Finding]:
    """The scheduler ended a pod because one of higher priority needed its place, and its successor finds none.

    That is what priorities are for, but it hits the wrong one when a priority class is given to everything by default,
    or when the important workload has none.

    When it is wrong: its successor was placed elsewhere and only takes its time to start.
    """
    for pod in world.pods:
        told = pod.condition("DisruptionTarget")
        if told and told.text("reason") == "PreemptionByScheduler" and _missed(world, world.controller(pod)):
            yield _finding(world, pod.subject, told.text("message"), told.cite("reason", CONCLUSIVE))
    # The victim is gone, and its event is what is left of it: neither is stale while a successor is lacking.
    now = world.snapshot.captured_at
    for event in world.snapshot.events:
        if event.reason in ("Preempted", "Preempting") and event.about.kind == "Pod":
            recent = not now or not event.last or now - event.last < _LATELY
            if recent and _missed(world, world.controller(event.about)):
                yield _finding(world, event.about, event.message, cite_event(event, CONCLUSIVE))


def _missed(world: World, controller: Subject) -> bool:
    """Tell whether a workload still lacks a pod because no node was found for it."""
    return any(not pod.node and pod.phase == "Pending" for pod in world.pods_of(controller))


def _finding(world: World, victim: Subject, text: str, cite: Citation) -> Finding:
    found = _BY.search(text)
    winner = _winner(world, found["who"].rstrip(".,") if found else "")
    named = f" {winner.name}" if winner else " of higher priority"
    rank = [winner.cite("spec/priority", STRONG)] if winner and winner.get("spec/priority") is not None else []
    return Finding(
        world.controller(victim),
        f"{victim.name} was ended to make room for pod{named}"
        + (f" (priority {rank[0].value})" if rank else "")
        + "; its successor finds no node",
        cites=[cite, *rank],
        remedies=[look("get", "priorityclasses", of=victim, purpose="see which priorities there are, and the default")],
    )


def _winner(world: World, who: str) -> Pod | None:
    """Return the pod that an event names by its uid, in older versions by namespace/name."""
    named = who.rpartition("/")[2]
    return next((pod for pod in world.pods if who and (pod.text("metadata/uid") == who or pod.name == named)), None)
