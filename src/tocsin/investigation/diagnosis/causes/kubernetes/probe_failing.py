"""A readiness probe that fails because the application does not answer it well."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.pods.probing import mistaken, patience, shown
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.signals import unprobed
from tocsin.investigation.diagnosis.world import World

# A program gets so many seconds to start before a failing probe tells anything.
_EARLY = 60


@cause("probe", modes=("probe.readiness_fail",), needs=("Pod",), own=False)
def probe_failing(world: World) -> Iterator[Finding]:
    """The application runs, but does not answer its readiness probe as it should.

    Without a readiness probe passed, no Service sends it requests. The application is overloaded, hangs, or waits for
    something that it depends on.

    When it is wrong: the probe itself asks wrongly, or it is only the first seconds after a start.
    """
    for pod, container, field, saying in unprobed(world):
        if (
            field != "readinessProbe"
            or container.ready
            or mistaken(pod, container, field, saying.text)
            or not container.status
        ):
            continue
        if container.status.get("state/running") is None or _starting(world, container):
            continue
        yield Finding(
            saying.controller,
            f"{container.name} in {saying.about.name} fails its {shown(field)}: {opening(saying.text.partition(': ')[2])}",
            cites=[saying.weighing(MODERATE), container.status.cite("ready", WEAK)],
            remedies=[read_logs(saying.about, container.name)],
        )


def _starting(world: World, container: Container) -> bool:
    """Tell whether a container has only begun: until its probe's patience is over once, failures are to be expected."""
    probe, now = container.spec.part("readinessProbe"), world.snapshot.captured_at
    since = container.status.time("state/running/startedAt") if container.status else None
    if not probe or not now or not since:
        return False
    return (now - since).total_seconds() < max(_EARLY, patience(probe))
