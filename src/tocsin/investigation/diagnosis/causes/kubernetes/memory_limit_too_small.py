"""A memory limit under which no container can start."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import unstarted
from tocsin.investigation.diagnosis.world import World

_SMALL = re.compile(r"minimum memory limit|memory limit .{0,40}too (?:low|small)", re.I)


@cause("memory", needs=("Pod",))
def memory_limit_too_small(world: World) -> Iterator[Finding]:
    """A memory limit is so small that the container runtime refuses to make the container.

    Runtimes need a few megabytes for any container. A unit was forgotten or mistyped: "5m" is five thousandths of a
    byte, "5Mi" five mebibytes.

    When it is wrong: hardly ever; the runtime names the least that it takes.
    """
    for saying in unstarted(world):
        if _SMALL.search(saying.text):
            held = world.workload(saying.about)
            limits = (
                [c.cite("resources/limits/memory") for c in held.containers if c.amount("limits", "memory")]
                if held
                else []
            )
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start, its memory limit is too small: {saying.text[-120:]}",
                cites=[saying.weighing(CONCLUSIVE), *limits],
                remedies=[*rollback(saying.controller), describe(saying.about)],
            )
