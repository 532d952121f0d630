"""An application that asks for what it depends on at a port where nobody listens."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from tocsin.ground.addresses import Address
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, WEAK
from tocsin.investigation.diagnosis.reading.configuration.databases import Databases
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod, Service, Workload
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_REFUSED = r"(?i)connection refused|ECONNREFUSED|communications link failure|connection to \S+ refused"
_ASKED = re.compile(r"\b(?P<host>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?):(?P<port>\d{2,5})\b", re.I)
_KEY = re.compile(r"(?:HOST|PORT|ADDR(?:ESS)?|SERVER)$", re.I)
# So long after its start a database listens, and who still comes to a closed port has the wrong one.
_STARTED = timedelta(minutes=3)


@cause("dependency", needs=("Pod", "logs", "Service"))
def dependency_port_wrong(world: World) -> Iterator[Finding]:
    """An application is refused by a host that is there, because it asks at a port where nobody listens.

    A refusal is an answer: the host was found and reached. Either the log names a port that the Service does not offer,
    or a database is well, nobody else complains about it, and this one caller is refused. The port stands in the
    caller's environment, often in a Secret beside the password.

    When it is wrong: a policy or firewall refuses this caller alone, or the host is not the one that is meant.
    """
    if not world.knows("Service"):
        return
    refused = [(pod, container, line) for pod, container, line in complaints(world, _REFUSED) if not container.ready]
    for pod, container, line in refused:
        if asked := _unoffered(world, pod, line):
            service, port = asked
            offered = ", ".join(str(held.number("port")) for held in service.ports)
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} asks {service.name} at port {port}, which offers {offered}",
                cites=[line.cite(CONCLUSIVE), service.cite("spec/ports", STRONG)],
                remedies=_remedies(world, pod, container),
            )
    if len({world.controller(pod) for pod, _, _ in refused}) == 1:
        yield from _alone(world, *refused[-1])


def _alone(world: World, pod: Pod, container: Container, line: Line) -> Iterator[Finding]:
    """Yield the finding where the one caller that is refused complains about a database that is well."""
    # A driver words a time-out and a refusal alike; the lines around tell which it was, and which driver.
    said = "\n".join(told.text for told in world.current_complaints(pod, container))
    database, caller = world.inventory.get(Databases(world).serving(pod, said)), world.controller(pod)
    if not isinstance(database, Workload) or database.subject == caller or "refused" not in said.lower():
        return
    if not _well(world, database):
        return
    yield Finding(
        caller,
        f"{container.name} in {pod.name} is refused by {database.name}, which is well and refuses nobody else: its port or"
        " host is wrong",
        cites=[line.cite(CONCLUSIVE), database.cite("status/readyReplicas", WEAK)],
        remedies=_remedies(world, pod, container),
    )


def _unoffered(world: World, pod: Pod, line: Line) -> tuple[Service, int] | None:
    """Return the Service that a line names by name or address, with a port that it does not offer."""
    for found in _ASKED.finditer(line.text):
        host, port = found["host"].lower(), int(found["port"])
        at = Subject("Service", Address(host, port).namespace(pod.namespace) or "", host.partition(".")[0])
        for service in world.services:
            named = service.subject == at or service.text("spec/clusterIP") == host
            if named and service.ports and port not in [held.number("port") for held in service.ports]:
                return service, port
    return None


def _well(world: World, database: Workload) -> bool:
    """Tell whether a database is ready, and has been for long enough."""
    since = [_ready_since(pod) for pod in world.pods_of(database.subject)]
    settled = all(world.snapshot.beyond(at, _STARTED) for at in since)
    return bool(since) and settled and not database.lacking and database.available > 0


def _ready_since(pod: Pod) -> datetime | None:
    told = pod.condition("Ready")
    started = [held.status.time("state/running/startedAt") for held in pod.containers if held.status and not held.init]
    known = [at for at in ((told.time("lastTransitionTime") if told else None), *started) if at]
    return max(known) if known and pod.ready else None


def _remedies(world: World, pod: Pod, container: Container) -> list[Command]:
    """Look at the variables that say host and port; of Secrets by their keys alone, one after another."""
    shown = [
        look("get", target(secret), "-o", f"jsonpath={{.data.{key}}}", of=secret, purpose=f"read {key} (base64)")
        for secret in _secrets(pod, container)
        for key in sorted(_keys(world, secret))
        if _KEY.search(key)
    ]
    return [*shown, read_logs(pod.subject, container.name)]


def _secrets(pod: Pod, container: Container) -> list[Subject]:
    names = [source.text("secretRef/name") for source in container.spec.parts("envFrom")]
    return [Subject("Secret", pod.namespace, name) for name in names if name]


def _keys(world: World, secret: Subject) -> list[str]:
    held = world.inventory.get(secret)
    return list(held.mapping("data")) if held else []
