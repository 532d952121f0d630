"""The cluster's DNS servers that do not answer."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.network.cluster_dns import NAMESPACE, server_workload, servers
from tocsin.investigation.diagnosis.reading.network.lookups import lookups
from tocsin.investigation.diagnosis.reading.network.policies import closed_to_names
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.resources import Pod, Workload
from tocsin.investigation.diagnosis.signals import last_words
from tocsin.investigation.diagnosis.world import World

# What CoreDNS writes before it gives up: a Corefile that it cannot read, a query that comes back to itself.
_GAVE_UP = (
    r"plugin/\S+: .*(?:[Ee]rror during parsing|Unknown|fail)|Corefile:\d+ - Error"
    r"|Loop \([\d.:\[\]a-f]+ -> |listen tcp .*:53: bind"
)
_WHO = "read the Corefile, and see who changed it and when"


@cause("dns", modes=("dns.coredns_down",), needs=("Pod",))
def cluster_dns_down(world: World) -> Iterator[Finding]:
    """None of the cluster's DNS servers is ready, so no name resolves, neither of Services nor of hosts outside.

    CoreDNS does not start after a mistake in its Corefile, or after it finds that queries come back to itself; or its
    pods have no node or no memory. Every application that opens a connection by name fails.

    When it is wrong: pods ask a cache on their own node, which still answers.
    """
    pods = servers(world)
    if not pods:
        yield from _unseen(world)
    if not pods or any(pod.ready for pod in pods):
        return
    controller = world.controller(pods[0])
    callers = [(world.controller(lookup.pod), lookup.line.cite(MODERATE)) for lookup in lookups(world)]
    said = [line for pod in pods for held in pod.containers if (line := last_words(world, pod, held.name, _GAVE_UP))]
    told = f": “{opening(said[0].text)}”" if said else ""
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


def _unseen(world: World) -> Iterator[Finding]:
    """Yield what tells without a pod of theirs that they do not answer: what makes them, or several who asked in vain."""
    made, policies = server_workload(world), world.inventory.of("NetworkPolicy")
    callers = [lookup for lookup in lookups(world) if not lookup.answered]
    free = [lookup for lookup in callers if not closed_to_names(lookup.pod, policies)]
    asked = {world.controller(lookup.pod): lookup.line for lookup in free}
    if made and made.mapping("status") and not made.available:
        yield Finding(
            made.subject,
            f"no DNS server of the cluster ({made.name}) runs",
            cites=[
                made.cite("status/readyReplicas" if made.desired else "spec/replicas", CONCLUSIVE),
                *(line.cite(MODERATE) for line in asked.values()),
            ],
            felt_by=sorted(asked),
            remedies=[look("describe", target(made.subject), of=made.subject, purpose="read why it makes no pods")],
        )
    elif not made and len(asked) >= _SEVERAL:
        names = ", ".join(at.name for at in sorted(asked))
        resolver = Subject("Service", NAMESPACE, "kube-dns")
        yield Finding(
            resolver,
            f"the DNS servers of the cluster answer none of {names}",
            cites=[line.cite(CONCLUSIVE) for _, line in sorted(asked.items())],
            felt_by=sorted(asked),
            remedies=[
                look("get", "pods", "-l", "k8s-app=kube-dns", "-o", "wide", of=resolver, purpose="see whether they run")
            ],
        )


# So many who ask in vain do not each have a fault of their own.
_SEVERAL = 2


def _unready(pods: Sequence[Pod]) -> Iterator[Citation]:
    for pod in pods:
        ready = pod.condition("Ready")
        yield ready.cite("status", CONCLUSIVE) if ready else pod.cite("status/phase", CONCLUSIVE)


def _back(workload: Workload | None) -> Sequence[Command]:
    return rollback(workload.subject) if workload else ()
