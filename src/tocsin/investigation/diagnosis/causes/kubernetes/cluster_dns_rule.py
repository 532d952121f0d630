"""A rule of the cluster's DNS that makes a name fail."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.network.cluster_dns import full_name, rules_on
from tocsin.investigation.diagnosis.reading.network.lookups import lookups
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World


@cause("dns", modes=("dns.coredns_rewrite",), needs=("ConfigMap", "Pod", "logs"))
def cluster_dns_rule(world: World) -> Iterator[Finding]:
    """A rule in the Corefile of CoreDNS gives a wrong answer for a name, while all others resolve.

    `rewrite` asks for another name, `template` and `hosts` make up an answer, `forward` sends a zone to another server.
    The Service that the name stands for is well.

    When it is wrong: the rule is older than the trouble, and what it leads to is what failed.
    """
    for lookup in lookups(world):
        if not lookup.host or lookup.missing(world):
            continue
        for rule in rules_on(world, full_name(lookup.host, lookup.pod.namespace)):
            caller = world.controller(lookup.pod)
            yield Finding(
                rule.held.subject,
                f"a rule of the cluster's DNS changes the answer for {lookup.host}, which {caller.name} cannot resolve:"
                f" {opening(rule.text)}",
                cites=[rule.cite(CONCLUSIVE), lookup.line.cite(STRONG)],
                felt_by=[caller],
                remedies=[
                    look(
                        *("get", "configmap", rule.held.name, "-o", "yaml", "--show-managed-fields"),
                        of=rule.held.subject,
                        purpose="see who wrote the rule, and when",
                    )
                ],
            )
