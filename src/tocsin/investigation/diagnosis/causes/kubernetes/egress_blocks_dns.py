"""A network policy that lets pods send, but not to the resolver."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reading.network.lookups import lookups
from tocsin.investigation.diagnosis.reading.network.policies import closed_to_names
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.network import allow_names
from tocsin.investigation.diagnosis.world import World


@cause("network", modes=("net.netpol_egress_dns",), needs=("NetworkPolicy", "Pod", "logs"))
def egress_blocks_dns(world: World) -> Iterator[Finding]:
    """Network policies bound what pods send, and none of them allows port 53: the pods cannot resolve any name.

    Whoever closes egress by default often forgets DNS. Every call by name then fails or waits for seconds, although the
    called Services are well and are allowed.

    When it is wrong: the pods ask a resolver on their own node that policies do not bound, or the network enforces none.
    """
    policies = world.of("NetworkPolicy")
    for lookup in lookups(world) if policies else ():
        closing = () if lookup.answered else closed_to_names(lookup.pod, policies)
        for policy in closing[:1]:
            controller = world.controller(lookup.pod)
            yield Finding(
                policy.subject,
                f"network policy {policy.name} bounds what {controller.name} sends and does not allow DNS (port 53)",
                cites=[policy.cite("spec/egress", CONCLUSIVE), lookup.line.cite(STRONG)],
                felt_by=[controller],
                remedies=[
                    allow_names(policy),
                    look(
                        "get", "networkpolicies", "-o", "yaml", of=policy.subject, purpose="read all policies together"
                    ),
                ],
            )
