"""A readiness probe that fails because the application does not answer it well."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK
from tocsin.investigation.diagnosis.probing import mistaken, shown
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import unprobed
from tocsin.investigation.diagnosis.world import World


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
        if container.status.get("state/running") is None:
            continue
        yield Finding(
            saying.controller,
            f"{container.name} in {saying.about.name} fails its {shown(field)}: {saying.text.partition(': ')[2][:120]}",
            cites=[saying.weighing(MODERATE), container.status.cite("ready", WEAK)],
            remedies=[read_logs(saying.about, container.name)],
        )
