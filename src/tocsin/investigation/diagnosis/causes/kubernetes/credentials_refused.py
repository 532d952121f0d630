"""A dependency that refuses an application's credentials."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.configuration.databases import LOGIN_HINT, LOGIN_REFUSED, is_database
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World


@cause("credentials", needs=("Pod", "logs"))
def credentials_refused(world: World) -> Iterator[Finding]:
    """A database, queue or API refuses the credentials with which an application comes.

    The password was changed on one side only, the wrong Secret is mounted, or the user was never made.

    When it is wrong: the same message comes from a scanner or a person; look whose requests fail.
    """
    for pod, container, line in complaints(world, f"(?i){LOGIN_REFUSED}", hint=LOGIN_HINT):
        # A database that tells of a refusal is the one that refuses.
        if is_database(pod) or not bothers(world, container, line):
            continue
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} is refused by what it depends on: “{ending(line.text)}”",
            cites=complaint_cites(container, line),
            remedies=[read_logs(pod.subject, container.name)],
        )
