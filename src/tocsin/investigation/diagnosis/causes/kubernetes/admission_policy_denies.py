"""A policy that refuses the pods of a workload."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.changes.deliveries import refusals
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
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
            at = saying.controller
            yield Finding(
                at,
                f"no pod of {at.name} is allowed: {_told(found)}",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[_look(found, at), *rollback(at)],
            )
    for refusal in refusals(world):
        if found := _DENIED.search(refusal.text):
            at = refusal.subject
            yield Finding(
                at,
                f"{at.kind} {at.name} cannot be applied: {_told(found)}",
                cites=[refusal.cite(CONCLUSIVE)],
                felt_by=refusal.brings,
                remedies=[_look(found, at)],
            )


def _told(found: re.Match[str]) -> str:
    why = opening(" ".join(found["why"].split()))
    return f"{found['hook'] or found['policy']} refuses it: {why or 'it does not say why'}"


def _look(found: re.Match[str], at: Subject) -> Command:
    kind = "validatingwebhookconfigurations" if found["hook"] else "validatingadmissionpolicies"
    return look("get", kind, "-o", "yaml", of=at, purpose="read the policy, and since when it is")
