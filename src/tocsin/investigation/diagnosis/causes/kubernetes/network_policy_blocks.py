"""A network policy that lets nobody through to pods that shall serve."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Pod, Resource, selects
from tocsin.investigation.diagnosis.world import World


@cause("network", needs=("NetworkPolicy", "Pod", "Service"))
def network_policy_blocks(world: World) -> Iterator[Finding]:
    """Network policies select the pods of a Service and allow nobody to connect to them.

    A pod that any policy selects for ingress may be reached only as some policy allows. Packets that none allows are
    dropped without an answer, so callers time out.

    When it is wrong: the cluster's network does not enforce policies, or the pods are meant to be closed.
    """
    policies = world.of("NetworkPolicy")
    for service in world.services:
        pods = world.selected(service)
        closing = [policy for policy in policies if pods and all(_guards(policy, pod) for pod in pods)]
        opened = any(_guards(policy, pod) and policy.get("spec/ingress") for policy in policies for pod in pods)
        ports = [port.number("port") for port in service.ports]
        if not closing or opened or any(world.reached(service.name, port) for port in ports):
            continue
        for policy in closing:
            yield Finding(
                policy.subject,
                f"network policy {policy.name} lets nobody through to the pods of service {service.name}",
                cites=[
                    policy.cite("spec/podSelector", STRONG),
                    policy.cite("spec/ingress", STRONG),
                    service.cite("spec/selector", MODERATE),
                    *(cite for port in ports for cite in world.unreached(service.name, port)),
                ],
                felt_by=[service.subject],
                remedies=[
                    look(
                        "get", "networkpolicies", "-o", "yaml", of=service.subject, purpose="read all policies together"
                    )
                ],
            )


def _guards(policy: Resource, pod: Pod) -> bool:
    """Tell whether a policy selects a pod for ingress; an empty selector selects every pod of its namespace."""
    types = policy.words("spec/policyTypes") or ("Ingress",)
    wanted = policy.mapping("spec/podSelector")
    labels = policy.texts("spec/podSelector/matchLabels")
    return policy.namespace == pod.namespace and "Ingress" in types and (not wanted or selects(labels, pod.labels))
