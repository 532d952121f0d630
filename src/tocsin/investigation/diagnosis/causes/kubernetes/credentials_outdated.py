"""Credentials that were changed after the application had read them."""

from collections.abc import Iterator
from datetime import datetime

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.changes import ago
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Part
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import restart
from tocsin.investigation.diagnosis.resources import Container, Pod, Resource
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_REFUSED = (
    r"[Aa]ccess denied for user|password authentication failed|WRONGPASS|NOAUTH|[Ll]ogin failed for user|[Ii]nvalid password"
    r"|[Ii]nvalid (?:api|API) key|SASL authentication failed|AuthenticationFailed|ACCESS_REFUSED|[Aa]uthentication failed"
)

_HINT = r"denied|uthentication|WRONGPASS|NOAUTH|ogin failed|ACCESS_REFUSED|nvalid"


@cause("credentials", modes=("sec.credential_rotated",), needs=("Pod", "logs"))
def credentials_outdated(world: World) -> Iterator[Finding]:
    """An application still uses a password that was changed after it had started.

    The Secret has the new value; variables of running containers keep the old one until they start anew. What it logs
    in to refuses it, while pods that started later are let in.

    When it is wrong: the new value in the Secret is the wrong one; then a restart makes it worse.
    """
    for pod, container, line in complaints(world, _REFUSED, hint=_HINT):
        started = container.status.time("state/running/startedAt") if container.status else None
        for secret in _secrets(world, pod, container):
            written = _written(secret)
            if started and written and written[0] > started:
                controller, (at, entry) = world.controller(pod), written
                for other in ("credentials-refused", "configuration-stale"):
                    yield Finding(
                        controller, "the Secret is newer than the run", [line.cite(CONCLUSIVE)], against=other
                    )
                yield Finding(
                    controller,
                    f"{container.name} in {pod.name} is refused with what it read before Secret {secret.name} was changed,"
                    f" {ago(started, at)} after it had started",
                    cites=[line.cite(CONCLUSIVE), entry.cite("time", STRONG)],
                    remedies=[
                        *restart(controller),
                        look(
                            *("get", "secret", secret.name, "-o", "jsonpath={.metadata.managedFields[*].time}"),
                            of=secret.subject,
                            purpose="see when it was changed",
                        ),
                    ],
                )
                break


def _secrets(world: World, pod: Pod, container: Container) -> Iterator[Resource]:
    """Yield the Secrets that a container reads into its environment."""
    for edge in world.topology.needs(pod.subject):
        held = world.inventory.get(edge.target) if edge.target.kind == "Secret" and edge.relation == "reads" else None
        if held and _reads(container, held.name):
            yield held


def _reads(container: Container, name: str) -> bool:
    named = (entry.text("valueFrom/secretKeyRef/name") for entry in container.env)
    return name in (*named, *(entry.text("secretRef/name") for entry in container.spec.parts("envFrom")))


def _written(secret: Resource) -> tuple[datetime, Part] | None:
    """Return when the Secret was written last, with the entry that says so."""
    entries = [(at, entry) for entry in secret.parts("metadata/managedFields") if (at := entry.time("time"))]
    return max(entries, key=lambda found: found[0], default=None)
