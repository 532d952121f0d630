"""Whose slowness is whose: trouble travels from what is called to those who call it.

A request is slow where it waits, and in everyone who waits for that one. So a slow service is the origin unless
something that it calls is slow too: at the same requests (a median is not slow because a tail is), and by more than the
wait that is to be explained. The reverse happens at the edge: a caller whose network is slow sends its requests late,
and what it calls measures some of them as slow, in the tail only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.investigation.diagnosis.reading.load.measurements import (
    Measurement,
    busier,
    failing,
    silent,
    slow,
    throttled,
    timed,
)
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.world import World

# A request that waits longer runs into somebody's time-out, and fails there (seconds).
_TIMEOUT = 5.0
# TCP sends a lost segment again after 0.2 seconds, and after twice as long each further time (RFC 6298): three times.
_RESENT = 0.2 + 0.4 + 0.8
_MEDIAN = 0.5
# One fault has one origin; so many at once, which share nothing, are not each a fault of its own.
_MANY = 3


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one workload: its slow latencies, steepest first, and its shares of failing requests.

    `stalled` is a latency that is no longer measured, because requests do not come to an end.
    """

    workload: Subject
    slow: tuple[Measurement, ...] = ()
    failing: tuple[Measurement, ...] = ()
    stalled: tuple[Measurement, ...] = ()

    @property
    def quantile(self) -> float:
        """The smallest quantile that is slow: 0.5 when the median is, 1 when nothing is known to be slow."""
        return min((held.quantile for held in self.slow), default=1.0)

    @property
    def longest(self) -> float:
        """The longest wait (seconds) over what is usual; 0 when nothing is slow."""
        return max((held.wait or 0.0 for held in self.slow), default=0.0)

    @property
    def throughout(self) -> bool:
        """Whether it is slow at the median: every request waits, not only some."""
        return self.quantile <= _MEDIAN

    @property
    def measured(self) -> tuple[Measurement, ...]:
        return self.slow + self.failing + self.stalled


def troubles(world: World) -> Mapping[Subject, Trouble]:
    """Return the workloads that are slow or fail, in the order of their names."""
    late, broken, ended = slow(world), failing(world), silent(world)
    return {
        workload: Trouble(workload, _of(workload, late), _of(workload, broken), _of(workload, ended))
        for workload in sorted({held.workload for held in (*late, *broken, *ended)})
    }


def origins(world: World, held: Mapping[Subject, Trouble]) -> list[Trouble]:
    """Return the troubles that nothing else explains: neither something called, nor a limit on the CPU."""
    back, busy = throttled(world), {of.workload for of in busier(world)}
    found = []
    for trouble in held.values():
        needed = world.topology.upstream(trouble.workload)
        if any(of.workload in needed and waits(trouble, of, of.workload in busy) for of in back):
            continue
        explained = any(_explains(held[at], trouble) for at, hops in needed.items() if hops and at in held)
        if not explained and not any(_infects(caller, trouble) for caller in callers(world, held, trouble.workload)):
            found.append(trouble)
    return found


def waits(trouble: Trouble, back: Measurement, works: bool) -> bool:
    """Tell whether a trouble may come from a CPU limit that held something back.

    Nobody waits longer for it than it stood still, unless it `works` more than usual, too, and requests queue up.
    """
    own = works and trouble.workload == back.workload
    return own or back.metric.unit != "seconds" or trouble.longest <= back.metric.value


def callers(world: World, held: Mapping[Subject, Trouble], origin: Subject) -> list[Trouble]:
    """Return the troubles of those who call an origin, directly or not."""
    return [other for other in held.values() if world.topology.upstream(other.workload).get(origin)]


def shared_node(world: World, found: Sequence[Trouble]) -> Subject | None:
    """Return the one node on which all of several workloads run, None where they do not share exactly one.

    One node is no pattern where there is no other to compare it with.
    """
    places = [{pod.node for pod in world.pods_of(trouble.workload) if pod.node} for trouble in found]
    shared = set.intersection(*places) if places else set()
    others = {pod.node for pod in world.pods if pod.node} - shared
    return Subject("Node", "", shared.pop()) if len(shared) == 1 and others else None


def shared_dependency(world: World, found: Sequence[Trouble]) -> Subject | None:
    """Return the nearest workload that several others all need and whose latency nobody measured, None without one."""
    needs = [world.topology.upstream(trouble.workload) for trouble in found]
    common = set[Subject].intersection(*map(set, needs)) if needs else set()
    left = [at for at in common - timed(world) if isinstance(world.inventory.get(at), Workload)]
    return min(left, key=lambda at: (max(hops[at] for hops in needs), at), default=None)


def scattered(found: Sequence[Trouble]) -> bool:
    """Tell whether so many are in trouble of their own accord at once that something common must be behind it."""
    return len(found) >= _MANY


def resends(found: Sequence[Trouble]) -> bool:
    """Tell whether only some requests wait, and no longer than TCP takes to send a lost segment three times again."""
    return all(not trouble.throughout and trouble.longest <= _RESENT for trouble in found)


def _explains(called: Trouble, caller: Trouble) -> bool:
    if called.failing or called.stalled:
        return True
    slow_enough, broken = called.quantile <= caller.quantile, caller.failing or caller.stalled
    return bool(called.slow) and slow_enough and (not broken or called.longest > _TIMEOUT)


def _infects(caller: Trouble, called: Trouble) -> bool:
    return (
        not called.failing
        and not called.stalled
        and caller.quantile < called.quantile
        and caller.longest > called.longest
    )


def _of(workload: Subject, held: Sequence[Measurement]) -> tuple[Measurement, ...]:
    return tuple(of for of in held if of.workload == workload)
