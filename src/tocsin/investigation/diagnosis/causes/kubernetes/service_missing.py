"""A Service that callers use, that its pods would serve, and that is not there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.configuration.settings import uncalled
from tocsin.investigation.diagnosis.reading.load.bounds import room
from tocsin.investigation.diagnosis.reading.network.lookups import missing
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.network import expose
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.world import World

_OTHERWISE = ("dependency-address-wrong", "name-not-resolved")


@cause("service", modes=("net.svc_missing",), needs=("Service",))
def service_missing(world: World) -> Iterator[Finding]:
    """A Service is not there, although its pods run and others call it by its name.

    It was deleted, or never made. Its name does not resolve; the pods behind it are well, so that nothing but the
    callers complains.

    When it is wrong: the workload is reached in another way, and the name in the environment is a leftover.
    """
    if not world.knows("Service"):
        return
    for service, callers in sorted(_wanted(world).items()):
        behind = world.inventory.get(Subject("Deployment", service.namespace, service.name)) or world.inventory.get(
            Subject("StatefulSet", service.namespace, service.name)
        )
        if not isinstance(behind, Workload) or _refused(world, service.namespace):
            continue
        felt = any(cite.ref.startswith("logs/") or _lacking(world, caller) for caller, cite in callers)
        named = ", ".join(sorted({caller.name for caller, _ in callers}))
        for caller, cite in callers:
            for other in _OTHERWISE:
                yield Finding(caller, "the name is that of a workload that exists", [cite], against=other)
        yield Finding(
            service,
            f"there is no service {service.name} in {service.namespace}; {named} calls it, and {behind.name} would serve it",
            cites=[
                *(cite if felt else replace(cite, weight=WEAK) for _, cite in callers),
                behind.cite("metadata/name", MODERATE if felt else WEAK),
            ],
            felt_by=[*(caller for caller, _ in callers), behind.subject],
            remedies=[*expose(behind), look("get", "services", of=service, purpose="see which services there are")],
        )


def _lacking(world: World, caller: Subject) -> bool:
    workload = world.inventory.get(caller)
    return isinstance(workload, Workload) and workload.lacking


def _refused(world: World, namespace: str) -> bool:
    """Tell whether a quota leaves no room for a Service: then that is why it is not there."""
    quotas = [quota for quota in world.inventory.of("ResourceQuota") if quota.namespace == namespace]
    left = (room(quota, kind) for quota in quotas for kind in ("services", "count/services"))
    return any(amount is not None and amount <= 0 for amount in left)


def _wanted(world: World) -> Mapping[Subject, list[tuple[Subject, Citation]]]:
    """Return who wants which Service that does not exist: by complaint or by environment."""
    wanted: dict[Subject, list[tuple[Subject, Citation]]] = defaultdict(list)
    for lookup, service in missing(world):
        wanted[service].append((world.controller(lookup.pod), lookup.line.cite(STRONG)))
    for caller, cite, service in uncalled(world):
        wanted[service].append((caller, cite))
    return wanted
