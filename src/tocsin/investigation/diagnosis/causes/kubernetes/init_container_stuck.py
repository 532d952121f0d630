"""An init container that does not end."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.ground.addresses import Address
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation, cut
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod, Service
from tocsin.investigation.diagnosis.world import World

_LONG, _VERY_LONG = timedelta(minutes=5), timedelta(minutes=15)
# What scripts that wait use to ask, and the host that follows.
_AWAITED = re.compile(
    r"(?:\bnc(?: -\S+)*|\bnslookup|\bgetent hosts|\bpg_isready.*? -h|\bmysqladmin.*? -h|\bredis-cli.*? -h"
    r"|wait-for(?:-it)?(?:\.sh)?|https?://|/dev/tcp/|[Ww]aiting for|[Ww]aiting until)[ =]?([a-z0-9][a-z0-9.-]*[a-z0-9])",
)


class _Awaited(NamedTuple):
    said: str
    cites: list[Citation]
    absent: bool = False


@cause("crash", modes=("crash.init_hang",), needs=("Pod",), own=False)
def init_container_stuck(world: World) -> Iterator[Finding]:
    """An init container runs on and on, so the containers of the pod are never started.

    Nothing fails, so nothing is reported: the pod just stays in Init. Mostly a script waits in a loop for a Service, a
    name or a database that does not come, or a migration waits for a lock.

    When it is wrong: it does long work (a migration, a download) and will end.
    """
    now = world.snapshot.captured_at
    for pod in world.pods:
        for container in pod.containers:
            since = _running_since(container)
            if not now or not since or pod.ready or pod.leaving or now - since < _LONG:
                continue
            awaited = _awaited(world, pod, container)
            weight = STRONG if awaited.absent or now - since > _VERY_LONG else MODERATE
            yield Finding(
                world.controller(pod),
                f"init container {container.name} of {pod.name} has run for {ago(since, now)} and does not end"
                + awaited.said,
                cites=[container.status.cite("state/running/startedAt", weight), *awaited.cites]
                if container.status
                else awaited.cites,
                remedies=[
                    read_logs(pod.subject, container.name),
                    look(
                        "get",
                        "services,endpointslices",
                        of=pod.subject,
                        purpose="see whether what it waits for is there",
                    ),
                ],
            )


def _running_since(container: Container) -> datetime | None:
    """Return when an init container was started that runs for the first time, and is to end."""
    if not container.init or container.restarts or container.spec.text("restartPolicy") == "Always":
        return None
    return container.status.time("state/running/startedAt") if container.status else None


def _awaited(world: World, pod: Pod, container: Container) -> _Awaited:
    """Say what it waits for, as far as its last line or its command tells."""
    key = pod.log_of(container.name)
    log = world.snapshot.logs.get(key)
    lines = log.lines("current") if log else ()
    last = lines[-1] if lines else ""
    cites = [Citation(f"logs/{key}/current#L{len(lines)}", cut(last), MODERATE, pod.subject)] if last else []
    asked = " ".join((*container.spec.words("command"), *container.spec.words("args")))
    for text in (last, asked):
        for host in _AWAITED.findall(text):
            if absent := _absent(world, Address(host, None), pod.namespace):
                return _Awaited(f": it waits for {host}, and {absent.said}", [*cites, *absent.cites], True)
    return _Awaited(f"; its last line is “{opening(last, 100)}”" if last else "", cites)


def _absent(world: World, address: Address, own: str) -> _Awaited | None:
    """Say why a Service does not answer; None where it may, or where nobody looked."""
    namespace = address.namespace(own)
    if not namespace or not world.knows("Service"):
        return None
    service = world.inventory.get(Subject("Service", namespace, address.service))
    if not isinstance(service, Service):
        known = any(other.namespace == namespace for other in world.services)
        return _Awaited(f"there is no such service in {namespace}", []) if known else None
    if service.selector and not any(pod.ready for pod in world.selected(service)):
        return _Awaited("that service has no pod that is ready", [service.cite("spec/selector", MODERATE)])
    return None
