"""A policy that refuses the pods of a workload."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World

_DENIED = re.compile(
    r"""(?:admission webhook "(?P<hook>[^"]+)" denied the request|"""
    r"""ValidatingAdmissionPolicy '(?P<policy>[^']+)' with binding '[^']+' denied request)[:.]?\s*(?P<why>.*)""",
    re.S,
)


@cause("admission", modes=("admit.webhook_denied",))
def admission_policy_denies(world: World) -> Iterator[Finding]:
    """A policy of the cluster looked at the pods to be made, and refused them.

    Policies come from webhooks (Kyverno, Gatekeeper, a company's own) or from the API server's own admission policies.
    Running pods stay, so a new rule shows at the next rollout or restart.

    When it is wrong: the rule is right and the workload must comply; then the workload is to be mended, not the rule.
    """
    for saying in uncreated(world):
        if found := _DENIED.search(saying.text):
            kind = "validatingwebhookconfigurations" if found["hook"] else "validatingadmissionpolicies"
            yield Finding(
                saying.controller,
                f"no pod of {saying.controller.name} is allowed: {found['hook'] or found['policy']} refuses it:"
                f" {' '.join(found['why'].split())[:160] or 'it does not say why'}",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[
                    look("get", kind, "-o", "yaml", of=saying.about, purpose="read the policy, and since when it is"),
                    *rollback(saying.controller),
                ],
            )
