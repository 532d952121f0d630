"""An address in the environment that leads nowhere."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.addresses import Address, addresses
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.changes import former_value
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK
from tocsin.investigation.diagnosis.logs import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.configuration import set_setting
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Service, Workload
from tocsin.investigation.diagnosis.settings import Setting, called, settings
from tocsin.investigation.diagnosis.signals import last_words
from tocsin.investigation.diagnosis.world import World


@cause("configuration", modes=("config.wrong_value",), needs=("Service",))
def dependency_address_wrong(world: World) -> Iterator[Finding]:
    """An environment variable names a Service that does not exist, or a port that the Service does not offer.

    The application reads the address when it starts, and fails when it calls. Nothing in Kubernetes checks such
    values.

    When it is wrong: the name is resolved outside cluster DNS (a hosts entry, a service mesh), or is never used.
    """
    if not world.knows("Service"):
        return
    for workload in world.workloads:
        for container in workload.containers:
            for call in called(settings(world, container, workload.namespace)):
                namespace = call.address.namespace(workload.namespace)
                if namespace is None or not _collected(world, namespace):
                    continue
                service = world.inventory.get(Subject("Service", namespace, call.address.service))
                setting = call.port if service else call.host
                wrong, right = _wrong(world, setting, call.address, service, namespace)
                if wrong:
                    words = _complaints(world, workload, container.name, call.address.host)
                    weight = STRONG if workload.lacking or words else WEAK
                    yield Finding(
                        workload.subject,
                        f"{setting.name} of {workload.name} is {setting.value}, but {wrong}",
                        cites=[
                            setting.held.cite(setting.path, weight),
                            *([service.cite("spec/ports", WEAK)] if service else []),
                            *(line.cite(STRONG) for line in words),
                        ],
                        remedies=_remedies(workload, container.name, setting, right or _former(world, setting)),
                    )


def _remedies(workload: Workload, container: str, setting: Setting, right: str) -> tuple[Command, ...]:
    known = set_setting(workload.subject, container, setting, right) if right else ()
    return known or (
        look("get", "services", of=workload.subject, purpose="see which services there are"),
        look(
            *("get", target(setting.source), "-o", "yaml", "--show-managed-fields"),
            of=workload.subject,
            purpose=f"see who changed {setting.source.name}, and when",
        ),
    )


def _former(world: World, setting: Setting) -> str:
    """Return the value before the latest change, where that one named a Service that exists."""
    former = former_value(world.inventory, setting.source, f"{setting.held.pointer}/{setting.path}".strip("/"))
    names = {service.name for service in world.services}
    return former if any(address.service in names for address in addresses(former)) or former in names else ""


def _collected(world: World, namespace: str) -> bool:
    return any(service.namespace == namespace for service in world.services)


def _complaints(world: World, workload: Workload, container: str, host: str) -> list[Line]:
    """Return the last line of each pod that complains about the host."""
    found = (last_words(world, pod.subject, container, re.escape(host)) for pod in world.pods_of(workload.subject))
    return [line for line in found if line]


def _wrong(world: World, setting: Setting, address: Address, service: object, namespace: str) -> tuple[str, str]:
    """Say what is wrong with an address and, where it can be told, the value that would be right."""
    if not isinstance(service, Service):
        similar = [s.name for s in world.services if s.namespace == namespace and _alike(s.name, address.service)]
        right = setting.value.replace(address.service, similar[0], 1) if len(similar) == 1 else ""
        return f"there is no service {address.service} in {namespace}", right
    offered = [port.number("port") for port in service.ports]
    if service.text("spec/type") == "ExternalName" or address.port is None or address.port in offered:
        return "", ""
    right = setting.value.replace(str(address.port), str(offered[0])) if len(offered) == 1 else ""
    return f"service {service.name} offers {', '.join(map(str, offered))}", right


def _alike(name: str, other: str) -> bool:
    return name.startswith(other) or other.startswith(name) or name.replace("-", "") == other.replace("-", "")
