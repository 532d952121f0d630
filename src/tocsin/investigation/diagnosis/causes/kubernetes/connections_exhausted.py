"""A database that takes no more connections."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.databases import serving
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World, cite_event

_COMPLAINT = (
    r"(?i)too many (?:connections|clients)|remaining connection slots|max_connections"
    r"|connection pool exhausted|max number of clients"
)


@cause("database", needs=("Pod", "logs"))
def connections_exhausted(world: World) -> Iterator[Finding]:
    """A database takes no more connections: as many as it allows are open.

    Callers hold more connections than they need, never close them, or there are more callers than before.

    When it is wrong: the pool of one caller is too small, and the database has connections left.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        database = serving(world, pod, line.text)
        said = [
            e for e in world.events("Unhealthy") if "oo many" in e.message and world.controller(e.about) == database
        ]
        yield Finding(
            database,
            f"{container.name} in {pod.name} gets no connection: “{line.text.strip()[-140:]}”",
            cites=[line.cite(CONCLUSIVE), *(cite_event(event, STRONG) for event in said)],
            felt_by=[world.controller(pod)],
            remedies=[describe(database)],
        )
