"""An address in the environment that leads nowhere."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tocsin.ground.addresses import Address, addresses
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.known import ran
from tocsin.investigation.diagnosis.reading.changes.edits import former_value
from tocsin.investigation.diagnosis.reading.configuration.settings import Call, Setting, called, settings
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.configuration import set_setting
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Service, Workload
from tocsin.investigation.diagnosis.signals import last_words
from tocsin.investigation.diagnosis.world import World

# So many callers that name the same port, and none another one, are right about it.
_ALL_ALIKE = 2
# What a variable's name says of what it holds, after the name of what it is for: SHIPPING_SERVICE_ADDR.
_KIND = re.compile(r"_(?:ADDR(?:ESS)?|HOST(?:NAME)?|UR[IL]|ENDPOINT|SERVER|TARGET|PORT)$", re.I)


@cause("configuration", modes=("config.wrong_value",), needs=("Service",))
def dependency_address_wrong(world: World) -> Iterator[Finding]:
    """An environment variable names a Service that does not exist, or a port that the Service does not offer.

    The application reads the address when it starts, and fails when it calls. Nothing in Kubernetes checks such
    values.

    When it is wrong: the name is resolved outside cluster DNS (a hosts entry, a service mesh), or is never used.
    """
    if not world.knows("Service"):
        return
    mistakes = list(_mistakes(world))
    for mistake in mistakes:
        same = [other for other in mistakes if other.service and other.asked == mistake.asked]
        alike = len({other.workload.subject for other in same}) >= _ALL_ALIKE
        if not mistake.service or not alike or _asked_rightly(world, mistake.service):
            yield _of_caller(world, mistake)
        elif mistake is same[0]:
            yield _of_service(world, mistake.service, same)


class _Mistake(NamedTuple):
    """An address that leads nowhere: who has it, which Service it names if there is one, why, and what would be right."""

    workload: Workload
    container: str
    setting: Setting
    address: Address
    service: Service | None
    why: str
    right: str

    @property
    def asked(self) -> tuple[Subject | None, int | None]:
        """The Service with the port that it is asked for."""
        return (self.service.subject if self.service else None), self.address.port


def _mistakes(world: World) -> Iterator[_Mistake]:
    for workload, container, call in _calls(world):
        namespace = call.address.namespace(workload.namespace)
        if namespace is None or not _collected(world, namespace):
            continue
        service = _service(world, workload, call)
        setting = call.port if service else call.host
        wrong, right = _wrong(world, setting, call.address, service, namespace)
        if wrong and (service or not _meant(world, namespace, call.address.service)):
            yield _Mistake(workload, container, setting, call.address, service, wrong, right)


def _meant(world: World, namespace: str, name: str) -> bool:
    """Tell whether a workload of that name is there without a Service: then the Service is missing, the address is right."""
    held = next((one for one in world.workloads if (one.namespace, one.name) == (namespace, name)), None)
    return held is not None and not any(held in world.inventory.behind(service) for service in world.services)


def _calls(world: World) -> Iterator[tuple[Workload, str, Call]]:
    """Yield the addresses in the environment of each workload whose program may have read them, by container."""
    for workload in world.workloads:
        pods = world.pods_of(workload.subject)
        if pods and not any(ran(pod, held) for pod in pods for held in pod.containers):
            continue
        for container in workload.containers:
            for call in called(settings(world, container, workload.namespace)):
                yield workload, container.name, call


def _service(world: World, workload: Workload, call: Call) -> Service | None:
    namespace = call.address.namespace(workload.namespace)
    held = world.inventory.get(Subject("Service", namespace or "", call.address.service))
    return held if isinstance(held, Service) else None


def _asked_rightly(world: World, service: Service) -> bool:
    """Tell whether somebody asks a Service for a port that it offers."""
    offered = [port.number("port") for port in service.ports]
    calls = ((_service(world, workload, call), call) for workload, _, call in _calls(world))
    return any(held and held.subject == service.subject and call.address.port in offered for held, call in calls)


def _of_caller(world: World, mistake: _Mistake) -> Finding:
    workload, setting, service = mistake.workload, mistake.setting, mistake.service
    words = _complaints(world, mistake)
    meant = MODERATE if service or mistake.right else WEAK
    return Finding(
        workload.subject,
        f"{setting.name} of {workload.name} is {setting.value}, but {mistake.why}",
        cites=[
            setting.held.cite(setting.path, STRONG if words or _stumbles(world, workload) else meant),
            *([service.cite("spec/ports", WEAK)] if service else []),
            *(line.cite(STRONG) for line in words),
        ],
        remedies=_remedies(workload, mistake.container, setting, mistake.right or _former(world, setting)),
    )


def _of_service(world: World, service: Service, same: Sequence[_Mistake]) -> Finding:
    """Blame the Service where all who call it agree on the port: it is the Service that has another one."""
    callers = sorted({mistake.workload.subject for mistake in same})
    names = ", ".join(at.name for at in callers)
    return Finding(
        service.subject,
        f"{names} ask for port {same[0].address.port} of {service.name}, but {same[0].why}",
        cites=[
            service.cite("spec/ports", STRONG),
            *(mistake.setting.held.cite(mistake.setting.path, MODERATE) for mistake in same),
            *(line.cite(STRONG) for mistake in same for line in _complaints(world, mistake)),
        ],
        felt_by=callers,
        remedies=[
            look(
                *("get", target(service.subject), "-o", "yaml", "--show-managed-fields"),
                of=service.subject,
                purpose="see who changed its ports, and when",
            )
        ],
    )


def _stumbles(world: World, workload: Workload) -> bool:
    """Tell whether a workload lacks replicas because its program, once it runs, does not do its work."""
    pods = world.pods_of(workload.subject)
    return workload.lacking and (not pods or any(ran(pod, held) for pod in pods for held in pod.containers))


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


def _complaints(world: World, mistake: _Mistake) -> list[Line]:
    """Return the last line of each pod that complains about the host, or the port that the Service does not offer."""
    asked = re.escape(mistake.address.host) + (rf"|:{mistake.address.port}\b" if mistake.service else "")
    pods = world.pods_of(mistake.workload.subject)
    found = (last_words(world, pod, mistake.container, asked) for pod in pods)
    return [line for line in found if line]


def _wrong(
    world: World, setting: Setting, address: Address, service: Service | None, namespace: str
) -> tuple[str, str]:
    """Say what is wrong with an address and, where it can be told, the value that would be right."""
    if service is None:
        near = [held.name for held in world.services if held.namespace == namespace]
        stem = _KIND.sub("", setting.name).replace("_", "-").lower()
        similar = [name for name in near if _alike(name, address.service) or _alike(name, stem)]
        right = setting.value.replace(address.service, similar[0], 1) if len(similar) == 1 else ""
        return f"there is no service {address.service} in {namespace}", right
    offered = [port.number("port") for port in service.ports]
    if service.text("spec/type") == "ExternalName" or address.port is None or address.port in offered:
        return "", ""
    right = setting.value.replace(str(address.port), str(offered[0])) if len(offered) == 1 else ""
    return f"service {service.name} offers {', '.join(map(str, offered))}", right


def _alike(name: str, other: str) -> bool:
    return name.startswith(other) or other.startswith(name) or name.replace("-", "") == other.replace("-", "")
