"""A database that takes no writes."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.configuration.databases import Databases
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import bothers, cite_complaint, complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)--(?:super-)?read-only option|READONLY You can't write|in a read-only transaction|database is read-only"
    r"|NotWritablePrimary|NotMaster\w*Error|not master and slaveOk|\bnot master\b\W*$"
)


@cause("database", needs=("Pod", "logs"))
def database_read_only(world: World) -> Iterator[Finding]:
    """A database answers, but takes no writes: it was made read-only, or writes go to a replica.

    After a failover the former leader may stay read-only; some databases turn read-only when their disk is full.

    When it is wrong: only this caller uses the replica's address by mistake.
    """
    databases = Databases(world)
    for pod, container, line in complaints(world, _COMPLAINT):
        if not bothers(world, container, line):
            continue
        database = databases.serving(pod, line.text)
        yield Finding(
            database,
            f"{container.name} in {pod.name} cannot write: “{ending(line.text)}”",
            cites=[cite_complaint(container, line)],
            felt_by=[world.controller(pod)],
            remedies=[describe(database)],
        )
