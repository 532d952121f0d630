"""What was measured of services and nodes: what is slow, fails, is held back, or sends again what got lost."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Service
from tocsin.investigation.diagnosis.sections import Metric
from tocsin.investigation.diagnosis.world import World

_LATENCY = re.compile(r"(?:latency|duration|response.?time)(?!.?missing)", re.I)
_SILENCE = re.compile(r"(?:latency|duration|response.?time).?missing", re.I)
_THROTTLING = re.compile(r"throttl|cpu_cfs", re.I)
_CPU = re.compile(r"(?<![a-z])cpu(?!.*(?:limit|request))", re.I)
_MEMORY = re.compile(
    r"(?<![a-z])mem(?:ory)?(?![a-z])(?!.*(?:limit|request|cache|swap))|heap.?used|\brss\b|working.?set", re.I
)
_BACKLOG = re.compile(
    r"consumer.?lag|backlog|(?:queue|topic).?(?:lag|depth|length|size)|messages?.?(?:ready|waiting)", re.I
)
_SUCCESS = re.compile(r"success|availability", re.I)
_ERRORS = re.compile(r"error.?(?:rate|ratio)|failure.?(?:rate|ratio)", re.I)
_TRAFFIC = re.compile(r"\brps\b|req(?:uest)?s?.?(?:/s|per|rate)|throughput", re.I)
_RETRANSMISSION = re.compile(r"retrans", re.I)
_LOSS = re.compile(
    r"packet.?loss|loss.?(?:rate|ratio)|(?:packets?|rx|tx|receive|transmit).?(?:drop(?:s|ped)|errors?)", re.I
)
_QUANTILE = re.compile(r"p(\d{2})|0?\.(\d{2})|(\d{2})th", re.I)
_SECONDS: Mapping[str, float] = {"seconds": 1.0, "s": 1.0, "milliseconds": 1e-3, "ms": 1e-3}
_SLOWER, _LEAST_SECONDS = 3.0, 0.03
# Shares of requests or packets; a busy service that fails one in twenty more than usual is in trouble.
_FAILING, _LOSING = 0.05, 0.01
# Segments a second: a few are sent again in every network.
_LEAST_RETRANSMISSIONS = 0.1
_BUSIER = 2.0
# A container that used next to nothing before is not at work because it uses thrice that (cores).
_LEAST_CORES = 0.05
_GROWN, _PILED = 2.0, 5.0


@dataclass(frozen=True, slots=True)
class Measurement:
    """One metric of an object: `subject` as the source named it, `workload` what people would change."""

    metric: Metric
    subject: Subject
    workload: Subject
    index: int

    @property
    def ratio(self) -> float:
        """How many times the usual value it is; 1 where nobody knows the usual one."""
        return self.metric.value / self.metric.baseline if self.metric.baseline else 1.0

    @property
    def excess(self) -> float:
        """How much it is over the usual value, in its unit; the usual one counts as 0 where nobody knows it."""
        return self.metric.value - (self.metric.baseline or 0.0)

    @property
    def wait(self) -> float | None:
        """How many seconds it is over the usual value; None where its unit is no time."""
        scale = _SECONDS.get(self.metric.unit.lower())
        return self.excess * scale if scale else None

    @property
    def quantile(self) -> float:
        """Which share of the requests is faster: 0.5 for the median, and for a mean or an unnamed value."""
        named = f"{self.metric.name} {self.metric.labels.get('quantile', '')}"
        found = _QUANTILE.search(named)
        return int(next(filter(None, found.groups()))) / 100 if found else 0.5

    @property
    def told(self) -> str:
        """The value with its unit, and the usual one where it is known: "2.5 seconds, usually 0.01"."""
        usual = "" if self.metric.baseline is None else f", usually {self.metric.baseline:.3g}"
        return f"{self.metric.value:.3g} {self.metric.unit}{usual}"

    def cite(self, weight: float = MODERATE) -> Citation:
        """Cite the value."""
        return Citation(f"metrics/{self.index}#/value", self.metric.value, weight, self.subject)


def slow(world: World) -> list[Measurement]:
    """Return the latencies far above what is usual, worst first."""
    found = [held for held in _measured(world, _LATENCY) if held.ratio > _SLOWER and _noticeable(held)]
    return sorted(found, key=lambda held: (-held.ratio, held.subject, held.metric.name))


def timed(world: World) -> set[Subject]:
    """Return the workloads whose latency was measured, slow or not."""
    return {held.workload for held in _measured(world, _LATENCY)}


def throttled(world: World) -> list[Measurement]:
    """Return the measurements of containers that were kept from the CPU by their limit."""
    return [held for held in _measured(world, _THROTTLING) if held.metric.value > 0]


def failing(world: World) -> list[Measurement]:
    """Return the shares of requests that succeed (or fail) and are worse than usual by more than one in twenty."""
    succeed = [held for held in _measured(world, _SUCCESS) if held.metric.baseline and -held.excess > _FAILING]
    return succeed + [held for held in _measured(world, _ERRORS) if held.excess > _FAILING]


def silent(world: World) -> list[Measurement]:
    """Return the series of latencies that ended: no request came to an end that could be measured."""
    return [held for held in _measured(world, _SILENCE) if held.metric.value > 0]


def busier(world: World) -> list[Measurement]:
    """Return what shows more work than usual: twice the CPU, or twice the requests."""
    cpu = [held for held in _measured(world, _CPU) if not _THROTTLING.search(held.metric.name)]
    used = [held for held in cpu if held.metric.unit != "cores" or held.excess > _LEAST_CORES]
    return [held for held in (*used, *traffic(world)) if held.ratio > _BUSIER or held.metric.baseline == 0]


def traffic(world: World) -> list[Measurement]:
    """Return the rates of requests."""
    return list(_measured(world, _TRAFFIC))


def grown(world: World) -> list[Measurement]:
    """Return the uses of memory that are twice the usual."""
    return [held for held in _measured(world, _MEMORY) if held.ratio >= _GROWN]


def piled(world: World) -> list[Measurement]:
    """Return the backlogs of queues that are several times the usual."""
    return [held for held in _measured(world, _BACKLOG) if held.ratio >= _PILED]


def resending(world: World) -> list[Measurement]:
    """Return the rates of TCP segments sent again that are far above what is usual."""
    return [
        held
        for held in _measured(world, _RETRANSMISSION)
        if held.metric.baseline is not None and held.excess > 2 * held.metric.baseline + _LEAST_RETRANSMISSIONS
    ]


def losing(world: World) -> list[Measurement]:
    """Return the shares of packets lost (or packets dropped a second) that are above what is usual."""
    return [held for held in _measured(world, _LOSS) if held.excess > _LOSING]


def _noticeable(held: Measurement) -> bool:
    return held.wait is None or held.wait > _LEAST_SECONDS


def _measured(world: World, pattern: re.Pattern[str]) -> Iterator[Measurement]:
    world.knows("metrics")
    for index, metric in enumerate(world.snapshot.metrics):
        about = metric.about
        if about.kind and about.name and pattern.search(f"{metric.name} {metric.unit}"):
            scope = "" if about.kind == "Node" else about.namespace or world.snapshot.namespace
            subject = Subject(about.kind, scope, about.name)
            yield Measurement(metric, subject, _behind(world, subject), index)


def _behind(world: World, subject: Subject) -> Subject:
    """Return the workload behind a Service, or above a pod."""
    held = world.inventory.get(subject)
    if not isinstance(held, Service):
        return world.controller(subject)
    return next((workload.subject for workload in world.inventory.behind(held)), subject)
