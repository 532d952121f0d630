"""It took longer than it may."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"timeout while waiting(?! for state to become 'success')|timed out waiting for the condition"
    r"|(?<!while )waiting for [^.]{0,160}\btime(?:d ?|-)?out\b"
    r"|Waiting for rollout to finish|OperationTimedOut|DEADLINE_EXCEEDED|DeadlineExceeded",
    prose=r"context deadline exceeded|\btime limit (?:was )?exceeded"
    r"|(?<!instance: )timeout while waiting for state to become 'success'"
    r"|timed? ?out (?:waiting|after|while(?! waiting for state))|exceeded (?:the |its )?(?:timeout"
    r"|deadline)|(?:operation|job|request|deployment) timed out|did ?n[o']t become \w+ (?:with)?in",
    status=r"(?<![?&])\btime(?:d |-)?out\b(?!=)|to be \w+ but was in state|PENDING_VALIDATION",
    unless=r"DependencyViolation|waiting for plugin to start|Client\.Timeout|awaiting response headers"
    r"|timeouts? \w*last error: |last error: \w|dial tcp"
    r"|i/o timeout|TLS handshake|x509"
    r"|handshake failed|failed calling webhook|https?://\S+: context deadline",
)


# How the providers' own library words it when it repeats one request for as long as it may.
_REPEATED = "the provider repeated one request until its time was over, and does not tell why it was refused each time"


@cause("timeout", needs=("deployment",))
def operation_timed_out(world: World) -> Iterator[Finding]:
    """Something was begun and was not ready before the provider stopped waiting for it.

    Either it needs longer than the provider waits, which a timeouts block or an argument of the provider changes; or it
    will never be ready, and the reason stands with the service, not here. It goes on over there in the meantime: the
    next apply may find it half made, or made.

    When it is wrong: the service was waiting for something that failed long before, such as capacity or an image.
    """
    if told := failing(world, _SAID):
        waited = told.read(r"timeout: ([\w.]+)") or _elapsed(told)
        steps = []
        if told.address:
            steps.append(terraform.shown(told.tool, told.address))
        steps += list(_looks(told))
        purpose = (
            f'allow more time where it just takes long: timeouts {{ {_verb(told)} = "{_longer(waited)}" }} '
            f"in {told.address or 'the resource'}, or the provider's own argument"
        )
        steps.append(
            terraform.plan(
                told.tool, purpose, before="the service itself says that it is still at work, not that it failed"
            )
        )
        hint = [_REPEATED] if "to become 'success'" in told.first.text else []
        if hint:
            steps.insert(0, terraform.trace(told.tool))
        yield told.finding(
            f"{told.who}: not ready after {waited or 'the time allowed'}, and the provider stopped waiting", steps, hint
        )


def _verb(told: Failing) -> str:
    return told.first.doing if told.first.doing in ("create", "update", "delete", "read") else "create"


def _elapsed(told: Failing) -> str:
    """Return how long the log says that it was at work, from its last line about it."""
    marks = [
        line
        for line in told.deployment.lines
        if told.address and line.lstrip("│ ").startswith(f"{told.address}: Still")
    ]
    found = re.search(r"\[(?:\S+ )?([\dhms]+) elapsed", marks[-1]) if marks else None
    return found[1] if found else ""


def _longer(waited: str) -> str:
    found = re.match(r"(?:(\d+)h)?(?:(\d+)m)?", waited)
    minutes = 60 * int(found[1] or 0) + int(found[2] or 0) if found else 0
    return f"{max(2 * minutes, 10)}m" if minutes else "60m"


def _looks(told: Failing) -> Iterator[Command]:
    if told.first.type in (
        "helm_release",
        "kubernetes_deployment",
        "kubernetes_deployment_v1",
        "kubernetes_stateful_set",
        "kubernetes_job",
    ):
        yield terraform.look(
            "kubectl", "get", "events", "-A", "--sort-by=.lastTimestamp", purpose="see what the pods wait for"
        )
