"""A database that takes no more connections."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.configuration.databases import Databases
from tocsin.investigation.diagnosis.remedies.workloads import describe, read_logs
from tocsin.investigation.diagnosis.signals import bothers, cite_complaint, complaints
from tocsin.investigation.diagnosis.world import World, cite_event

_COMPLAINT = (
    r"(?i)too many (?:connections|clients)|remaining connection slots|max number of clients"
    r"|max_connections\b.{0,40}(?:reached|exceeded|exhausted)|more than 'max_user_connections'"
)
# The pool of the caller itself has run empty: the database was not even asked.
_POOL = (
    r"(?i)connection is not available, request timed out|could not (?:acquire|get) (?:a )?connection from (?:the )?pool"
    r"|connection pool (?:is )?(?:exhausted|full)|QueuePool limit of size|timed? ?out (?:waiting|acquiring) .{0,30}connection"
    r"|pool exhausted"
)


@cause("database", modes=("app.pool_exhausted",), needs=("Pod", "logs"))
def connections_exhausted(world: World) -> Iterator[Finding]:
    """A database takes no more connections: as many as it allows are open. Or the pool of one caller has run empty.

    Callers hold more connections than they need, never close them, or there are more callers than before; slow
    statements hold each connection longer. A caller's own pool is blamed where the database itself does not refuse.

    When it is wrong: one caller opens connections in a loop because each fails for another reason.
    """
    databases = Databases(world)
    for pod, container, line in complaints(world, _COMPLAINT):
        if not bothers(world, container, line):
            continue
        database = databases.serving(pod, line.text)
        said = [
            e for e in world.events("Unhealthy") if "oo many" in e.message and world.controller(e.about) == database
        ]
        yield Finding(
            database,
            f"{container.name} in {pod.name} gets no connection: “{ending(line.text)}”",
            cites=[cite_complaint(container, line), *(cite_event(event, STRONG) for event in said)],
            felt_by=[world.controller(pod)],
            remedies=[describe(database)],
        )
    yield from _empty_pools(world)


def _empty_pools(world: World) -> Iterator[Finding]:
    for pod, container, line in complaints(world, _POOL):
        if not bothers(world, container, line):
            continue
        yield Finding(
            world.controller(pod),
            f"the connection pool of {container.name} in {pod.name} is empty: “{ending(line.text)}”",
            cites=[cite_complaint(container, line)],
            remedies=[read_logs(pod.subject, container.name)],
        )
