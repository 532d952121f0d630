"""A database whose tables are not those that the application expects."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.configuration.databases import is_database
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)column \"?[\w.]+\"? (?:of relation \"?[\w.]+\"? )?does not exist|relation \"?[\w.]+\"? does not exist"
    r"|unknown column '[^']+' in|table '[^']+' doesn't exist|no such (?:table|column): \w+|ORA-00942|ORA-00904"
    r"|invalid (?:column|object) name '|migration checksum mismatch|migrations have failed validation"
    r"|unknown database '[^']+'|database \"[^\"]+\" does not exist"
    r"|can't locate revision identified by|UndefinedTable|UndefinedColumn"
)
_MIGRATES = re.compile(r"migrat|schema|flyway|liquibase|alembic", re.I)


@cause("database", modes=("app.db_readonly_schema",), needs=("Pod", "logs"))
def schema_mismatch(world: World) -> Iterator[Finding]:
    """The application asks its database for a table, a column or a whole database that is not there.

    A release came without its migration, the migration failed or ran elsewhere, or the application went back to a
    version before it. The database itself is well.

    When it is wrong: the message belongs to one faulty query that nobody waits for.
    """
    failed = list(_failed_migrations(world))
    for pod, container, line in complaints(world, _COMPLAINT):
        # A database tells of every query that is wrong, also of one that somebody mistyped by hand.
        if is_database(pod) or not bothers(world, container, line):
            continue
        workload = world.controller(pod)
        yield Finding(
            workload,
            f"{container.name} in {pod.name} and its database disagree about the tables: “{ending(line.text)}”",
            cites=[
                *complaint_cites(container, line),
                *(cite for cite in failed if cite.about.namespace == pod.namespace),
            ],
            remedies=[
                look(
                    "get",
                    "jobs",
                    "--sort-by=.metadata.creationTimestamp",
                    of=workload,
                    purpose="see which migrations ran",
                ),
                read_logs(pod.subject, container.name),
            ],
        )


def _failed_migrations(world: World) -> Iterator[Citation]:
    for job in world.workloads:
        told = job.condition("Failed")
        if job.kind == "Job" and _MIGRATES.search(job.name) and told and told.text("status") == "True":
            yield told.cite("reason", STRONG)
