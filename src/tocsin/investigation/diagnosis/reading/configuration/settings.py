"""What a container is told by its environment: every variable with a known value, and where that value is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tocsin.ground.addresses import Address, addresses
from tocsin.investigation.diagnosis.evidence import Citation, Part
from tocsin.investigation.diagnosis.quantity import whole
from tocsin.investigation.diagnosis.reference import Subject, escape
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.world import World


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable; `held` and `path` say where its value stands: in the container itself, or in a ConfigMap."""

    name: str
    value: str
    held: Part
    path: str

    @property
    def source(self) -> Subject:
        """The object to change in order to change the value."""
        return self.held.subject


def settings(world: World, container: Container, namespace: str) -> Iterator[Setting]:
    """Yield the variables of a container whose values are known; later ones of a name win, as in Kubernetes."""
    told: dict[str, Setting] = {}
    for source in container.spec.parts("envFrom"):
        if name := source.text("configMapRef/name"):
            told |= {setting.name: setting for setting in _all_of(world, namespace, name, source.text("prefix"))}
    for variable in container.env:
        name, reference = variable.text("name"), variable.part("valueFrom/configMapKeyRef")
        if variable.text("value"):
            told[name] = Setting(name, variable.text("value"), variable, "value")
        elif reference and (held := world.inventory.get(Subject("ConfigMap", namespace, reference.text("name")))):
            path = f"data/{escape(reference.text('key'))}"
            told[name] = Setting(name, held.text(path), held, path)
    yield from told.values()


class Call(NamedTuple):
    """An address among settings; where host and port are two variables, each is named."""

    host: Setting
    port: Setting
    address: Address


def called(settings: Iterator[Setting]) -> Iterator[Call]:
    """Yield the addresses among settings; a NAME_HOST takes its port from NAME_PORT."""
    known = {setting.name: setting for setting in settings}
    for name, setting in known.items():
        for address in addresses(setting.value):
            yield Call(setting, setting, address)
        stem, _, last = name.rpartition("_")
        port = known.get(f"{stem}_PORT")
        if last.upper() == "HOST" and port and whole(port.value) is not None and ":" not in setting.value:
            yield Call(setting, port, Address(setting.value, whole(port.value)))


def uncalled(world: World) -> Iterator[tuple[Subject, Citation, Subject]]:
    """Yield the workloads whose environment names a Service that does not exist, where Services were collected."""
    known = {service.namespace for service in world.services}
    for workload in world.workloads:
        for container in workload.containers:
            for call in called(settings(world, container, workload.namespace)):
                service = Subject("Service", call.address.namespace(workload.namespace) or "", call.address.service)
                if service.namespace in known and world.inventory.get(service) is None:
                    yield workload.subject, call.host.held.cite(call.host.path), service


def _all_of(world: World, namespace: str, name: str, prefix: str) -> Iterator[Setting]:
    if held := world.inventory.get(Subject("ConfigMap", namespace, name)):
        for key, value in held.mapping("data").items():
            yield Setting(prefix + key, str(value), held, f"data/{escape(key)}")
