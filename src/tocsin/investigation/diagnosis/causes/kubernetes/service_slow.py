"""A service that answers slowly of its own accord."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.load.measurements import busier
from tocsin.investigation.diagnosis.reading.load.propagation import (
    Trouble,
    origins,
    scattered,
    shared_dependency,
    shared_node,
    troubles,
)
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World


@cause("latency", needs=("metrics",))
def service_slow(world: World) -> Iterator[Finding]:
    """A service takes far longer than usual, and neither what it calls nor its CPU limit explains it.

    Callers that wait for it are slow too; this one is slow by itself. Where several are slow by themselves, what they
    all need and nobody measures is slow. It has more to do than usual, or it waits for
    something that is not measured: a lock, a disk, a service outside, the network.

    When it is wrong: it calls something that nobody measures or lists among its dependencies.
    """
    harder = {held.workload: held for held in busier(world)}
    late = [root for root in origins(world, troubles(world)) if root.slow]
    if len(late) > 1 and shared_node(world, late):
        return
    if scattered(late):
        yield from _behind_all(world, late)
        return
    for root in late:
        worst, work = root.slow[0], harder.get(root.workload)
        more = f"; it works harder: {work.metric.name} is {work.told}" if work else ""
        yield Finding(
            root.workload,
            f"{worst.subject.name} is slow by itself: {worst.metric.name} is {worst.told}{more}",
            cites=[worst.cite(STRONG if work else MODERATE), *([work.cite(MODERATE)] if work else [])],
            remedies=[
                look("top", "pods", "--containers", of=root.workload, purpose="see what its containers use"),
            ],
        )


def _behind_all(world: World, late: Sequence[Trouble]) -> Iterator[Finding]:
    if shared := shared_dependency(world, late):
        names = ", ".join(sorted(root.workload.name for root in late))
        yield Finding(
            shared,
            f"{shared.name} is slow, though nobody measures it: {names} all need it and are slow by themselves",
            cites=[root.slow[0].cite(MODERATE) for root in late],
            remedies=[look("top", "pods", "--containers", of=shared, purpose="see what its containers use")],
        )
