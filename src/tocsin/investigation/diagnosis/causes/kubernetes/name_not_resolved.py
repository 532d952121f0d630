"""A host name that does not resolve."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, WEAK, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.network.lookups import Lookup, lookups
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Service
from tocsin.investigation.diagnosis.signals import complaint_cites
from tocsin.investigation.diagnosis.world import World

_OTHERWISE = ("dependency-unreachable", "container-crash")


@cause("dns", needs=("Pod", "logs"), own=False)
def name_not_resolved(world: World) -> Iterator[Finding]:
    """An application cannot resolve the name of a host that it calls.

    The name is mistyped, or the resolver does not answer that pod: its DNS policy, a network policy, a rule of the
    resolver or the network between them stands in the way. That the Service exists, and that others reach it, rules
    out the name.

    When it is wrong: it happens for a moment while the other side is made or DNS restarts.
    """
    for lookup in lookups(world):
        controller = world.controller(lookup.pod)
        for other in _OTHERWISE:
            yield Finding(controller, "no connection was tried", [lookup.line.cite(CONCLUSIVE)], against=other)
        known = _known(world, lookup)
        about = f", though service {known[0].about.name} exists" if known else ""
        yield Finding(
            controller,
            f"{lookup.container.name} in {lookup.pod.name} cannot resolve {lookup.host or 'a name'}{about}:"
            f" “{ending(lookup.line.text)}”",
            cites=[*complaint_cites(lookup.container, lookup.line), *known],
            remedies=[*_looks(lookup), read_logs(lookup.pod.subject, lookup.container.name)],
        )


def _known(world: World, lookup: Lookup) -> list[Citation]:
    """Cite the Service that the name stands for: that it is there rules the name out, and says nothing of the resolver."""
    wanted = lookup.service(world)
    held = world.inventory.get(wanted) if wanted else None
    return [held.cite("metadata/name", WEAK)] if isinstance(held, Service) else []


def _looks(lookup: Lookup) -> Iterator[Command]:
    path = "jsonpath={.spec.dnsPolicy} {.spec.dnsConfig} {.spec.hostNetwork}"
    purpose = "see which resolver the pod asks"
    yield look("get", "pod", lookup.pod.name, "-o", path, of=lookup.pod.subject, purpose=purpose)
    servers = Subject("Deployment", "kube-system", "coredns")
    words = ("logs", "-l", "k8s-app=kube-dns", "--tail=100")
    yield look(*words, of=servers, purpose="read what the cluster's resolver says")
