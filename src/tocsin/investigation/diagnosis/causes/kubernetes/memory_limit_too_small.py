"""A memory limit under which no container can start."""

import re
from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.patches import patch_container
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.signals import unstarted
from tocsin.investigation.diagnosis.world import World

_SMALL = re.compile(r"minimum memory limit|memory limit .{0,40}too (?:low|small)", re.I)
_MILLI = re.compile(r"(\d+)m")


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
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start, its memory limit is too small: {ending(saying.text)}",
                cites=[saying.weighing(CONCLUSIVE), *_limits(held)],
                remedies=[*_with_unit(held), *rollback(saying.controller), describe(saying.about)],
            )


def _limits(workload: Workload | None) -> Sequence[Citation]:
    containers = workload.containers if workload else ()
    return [held.cite("resources/limits/memory") for held in containers if held.amount("limits", "memory")]


def _with_unit(workload: Workload | None) -> Iterator[Command]:
    """Write mebibytes where thousandths of a byte were written."""
    for container in workload.containers if workload else ():
        if milli := _MILLI.fullmatch(container.spec.text("resources/limits/memory")):
            yield from patch_container(
                workload,
                container.name,
                "resources/limits/memory",
                f"{milli[1]}Mi",
                purpose=f"give {container.name} {milli[1]} mebibytes instead of thousandths of a byte",
                before=f"{milli[1]}Mi is what was meant",
            )
