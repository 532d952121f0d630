"""The cluster's DNS servers that do not answer."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.cluster_dns import servers
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.lookups import lookups
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.resources import Pod, Workload
from tocsin.investigation.diagnosis.signals import last_words
from tocsin.investigation.diagnosis.world import World

# What CoreDNS writes before it gives up: a Corefile that it cannot read, a query that comes back to itself.
_GAVE_UP = (
    r"plugin/\S+: .*(?:[Ee]rror during parsing|Unknown|fail)|Corefile:\d+ - Error"
    r"|Loop \([\d.:\[\]a-f]+ -> |listen tcp .*:53: bind"
)


@cause("dns", modes=("dns.coredns_down",), needs=("Pod",))
def cluster_dns_down(world: World) -> Iterator[Finding]:
    """None of the cluster's DNS servers is ready, so no name resolves, neither of Services nor of hosts outside.

    CoreDNS does not start after a mistake in its Corefile, or after it finds that queries come back to itself; or its
    pods have no node or no memory. Every application that opens a connection by name fails.

    When it is wrong: pods ask a cache on their own node, which still answers.
    """
    pods = servers(world)
    if not pods or any(pod.ready for pod in pods):
        return
    controller = world.controller(pods[0])
    callers = [(world.controller(lookup.pod), lookup.line.cite(MODERATE)) for lookup in lookups(world)]
    said = [
        line for pod in pods for held in pod.containers if (line := last_words(world, pod.subject, held.name, _GAVE_UP))
    ]
    told = f": “{said[0].text.strip()[:120]}”" if said else ""
    yield Finding(
        controller,
        f"none of the {len(pods)} DNS servers of the cluster ({controller.name}) is ready{told}",
        cites=[*_unready(pods), *(line.cite(STRONG) for line in said), *(cite for _, cite in callers)],
        felt_by=sorted({caller for caller, _ in callers}),
        remedies=[
            look("get", "configmap", "coredns", "-o", "yaml", "--show-managed-fields", of=controller, purpose=_WHO),
            describe(pods[0].subject),
            *_back(world.workload(pods[0].subject)),
        ],
    )


_WHO = "read the Corefile, and see who changed it and when"


def _unready(pods: Sequence[Pod]) -> Iterator[Citation]:
    for pod in pods:
        ready = pod.condition("Ready")
        yield ready.cite("status", CONCLUSIVE) if ready else pod.cite("status/phase", CONCLUSIVE)


def _back(workload: Workload | None) -> Sequence[Command]:
    return rollback(workload.subject) if workload else ()
