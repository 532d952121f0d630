"""Pods that ask a resolver which knows no Services."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, WEAK
from tocsin.investigation.diagnosis.reading.network.lookups import existing
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.patches import patch_template
from tocsin.investigation.diagnosis.resources import Pod, Resource, Service
from tocsin.investigation.diagnosis.world import World


@cause("dns", modes=("dns.policy",), needs=("Pod", "Service", "logs"))
def dns_policy_wrong(world: World) -> Iterator[Finding]:
    """The DNS settings of a pod lead it past the cluster's DNS, so that it cannot resolve Services that exist.

    `dnsPolicy: Default` means the node's resolver, not the default of Kubernetes; `None` means only what `dnsConfig`
    lists; a pod on the host's network needs `ClusterFirstWithHostNet`. Others resolve the same names.

    When it is wrong: the node's resolver forwards the cluster's names.
    """
    for lookup, service in existing(world):
        why, path = _past_the_cluster(world, lookup.pod)
        if why:
            controller = world.controller(lookup.pod)
            yield Finding(
                controller,
                f"{controller.name} cannot resolve service {service.name}: {why}",
                cites=[
                    lookup.pod.cite(path, CONCLUSIVE),
                    lookup.line.cite(STRONG),
                    service.cite("metadata/name", WEAK),
                ],
                remedies=[
                    *_restored(world, lookup.pod),
                    look(
                        *("get", "pod", lookup.pod.name, "-o", "jsonpath={.spec.dnsPolicy} {.spec.dnsConfig}"),
                        of=lookup.pod.subject,
                        purpose="see which resolver the pod asks",
                    ),
                ],
            )


def _past_the_cluster(world: World, pod: Pod) -> tuple[str, str]:
    """Say why a pod does not ask the cluster's DNS, with where that is written; empty when it does."""
    policy = pod.text("spec/dnsPolicy") or "ClusterFirst"
    if policy == "Default":
        return "its dnsPolicy Default asks the node's resolver", "spec/dnsPolicy"
    if policy == "ClusterFirst" and pod.get("spec/hostNetwork"):
        return "on the host's network, dnsPolicy ClusterFirst asks the node's resolver", "spec/hostNetwork"
    servers = pod.words("spec/dnsConfig/nameservers")
    known = world.inventory.get(Subject("Service", "kube-system", "kube-dns"))
    right = known.text("spec/clusterIP") if isinstance(known, Service) else ""
    if policy == "None" and servers and right not in servers:
        return f"its dnsPolicy None asks {', '.join(servers)} alone", "spec/dnsConfig/nameservers"
    return "", ""


def _restored(world: World, pod: Pod) -> Iterator[Command]:
    workload: Resource | None = world.workload(pod.subject)
    if workload and workload.kind != "Job":
        right = "ClusterFirstWithHostNet" if pod.get("spec/hostNetwork") else "ClusterFirst"
        yield patch_template(
            workload.subject,
            "dnsPolicy",
            workload.get("spec/template/spec/dnsPolicy"),
            right,
            purpose=f"let {workload.name} ask the cluster's DNS",
            before="nobody chose that resolver for a reason; changing the template starts a rollout",
        )
