"""Credentials that were changed after the application had read them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.reading.configuration.databases import LOGIN_HINT, LOGIN_REFUSED, is_database
from tocsin.investigation.diagnosis.reading.configuration.sources import Written, reads, written
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import restart
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

# Who has a Secret that is newer may be refused in vaguer words, too.
_REFUSED = rf"(?i:{LOGIN_REFUSED})|[Ii]nvalid (?:password|(?:api|API) key)|[Aa]uthentication failed"


@cause("credentials", modes=("sec.credential_rotated",), needs=("Pod", "logs"))
def credentials_outdated(world: World) -> Iterator[Finding]:
    """An application still uses a password that was changed after it had started.

    The Secret has the new value; variables of running containers keep the old one until they start anew. What it logs
    in to refuses it, while pods that started later are let in.

    When it is wrong: the new value in the Secret is the wrong one; then a restart makes it worse.
    """
    for pod, container, line in complaints(world, _REFUSED, hint=rf"{LOGIN_HINT}|nvalid"):
        newer = None if is_database(pod) else next(_newer(world, container), None)
        if newer:
            secret, change, started = newer
            controller = world.controller(pod)
            for other in ("credentials-refused", "configuration-stale"):
                yield Finding(controller, "the Secret is newer than the run", [line.cite(CONCLUSIVE)], against=other)
            yield Finding(
                controller,
                f"{container.name} in {pod.name} is refused with what it read before Secret {secret.name} was changed,"
                f" {ago(started, change.at)} after it had started",
                cites=[line.cite(CONCLUSIVE), replace(change.cite, weight=STRONG)],
                remedies=[*restart(controller), _look(secret)],
            )


def _newer(world: World, container: Container) -> Iterator[tuple[Subject, Written, datetime]]:
    """Yield the Secrets in a container's environment that were changed after it had started, and when it had."""
    started = container.status.time("state/running/startedAt") if container.status else None
    for secret in dict.fromkeys(read.source for read in reads(container, ()) if read.source.kind == "Secret"):
        held = world.inventory.get(secret)
        change = written(world, held) if held else None
        if started and change and change.at > started:
            yield secret, change, started


def _look(secret: Subject) -> Command:
    words = ("get", "secret", secret.name, "-o", "jsonpath={.metadata.managedFields[*].time}")
    return look(*words, of=secret, purpose="see when it was changed")
