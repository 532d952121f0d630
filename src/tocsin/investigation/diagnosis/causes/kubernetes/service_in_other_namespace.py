"""A short name that is asked for in the wrong namespace."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.configuration.settings import called, settings
from tocsin.investigation.diagnosis.reading.network.lookups import Lookup, missing
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.configuration import set_setting
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World

_OTHERWISE = ("dependency-unreachable", "container-crash", "dependency-address-wrong", "name-not-resolved")


@cause("dns", modes=("net.svc_wrong_ns",), needs=("Service", "Pod", "logs"))
def service_in_other_namespace(world: World) -> Iterator[Finding]:
    """An application calls a Service by a short name, and the Service is in another namespace.

    A name without a dot is looked up in the caller's own namespace only. From elsewhere it needs the namespace:
    "name.namespace".

    When it is wrong: the two Services only share their name, and the right one is missing here.
    """
    for lookup, wanted in missing(world):
        elsewhere = [held for held in world.services if held.name == wanted.name]
        if len(elsewhere) != 1 or "." in lookup.host:
            continue
        controller, service = world.controller(lookup.pod), elsewhere[0]
        for other in _OTHERWISE:
            yield Finding(controller, "the name is known elsewhere", [lookup.line.cite(STRONG)], against=other)
        yield Finding(
            controller,
            f"{controller.name} in {wanted.namespace} calls {wanted.name}, but that service is in {service.namespace}",
            cites=[lookup.line.cite(STRONG), service.cite("metadata/namespace", MODERATE)],
            remedies=[
                *_renamed(world, lookup, controller, f"{service.name}.{service.namespace}.svc"),
                look("get", "service", service.name, of=service.subject, purpose="see the service where it is"),
            ],
        )


def _renamed(world: World, lookup: Lookup, controller: Subject, full: str) -> Iterator[Command]:
    """Yield the change of the variable that holds the short name."""
    workload = world.workload(lookup.pod.subject)
    for container in workload.containers if workload else ():
        for call in called(settings(world, container, controller.namespace)):
            if call.address.host == lookup.host:
                value = call.host.value.replace(lookup.host, full, 1)
                yield from set_setting(controller, container.name, call.host, value)
