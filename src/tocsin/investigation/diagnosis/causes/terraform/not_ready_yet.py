"""It was asked for before it was ready."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"OperationAborted|Invalid\w+State\b|conflicting conditional operation|\b\w+NotReady\b|cannot be assumed by"
    r"|assume the service linked role|does not have an associated"
    r"|Invalid principal in policy|PrincipalNotFound|Invalid IAM Instance Profile"
    r"|Incorrect(?:Instance)?State\b|ResourceNotReady|AnotherOperationInProgress"
    r"|failed calling webhook"
    r"|no endpoints available for service|ReferencedResourceNotProvisioned|\b\w*OperationInProgress\w*"
    r"|InvalidResourceState|ConflictingOperation\w*|RetryableError|ObjectIsBeing\w+|being recovered",
    prose=r"is currently (?!(?:in use|set|not)\b)\w+ing\b|must be (?:available|active|running|ready|stopped"
    r"|online)\b|does(?: not|n't) have at least \d+ [\w ]*(?:connection|endpoint|member|instance|node|replica)s?\b"
    r"|in (?:status|state) \"?(?:creating|updating|pending|deleting|modifying)\b"
    r"|is not (?:yet )?(?:ready|active|available|running|in (?:the )?(?:ready|active|available))\b"
    r"|not in (?:a |an |the )?(?:valid|correct|ready|active|available|running)[\w ]*state|(?:another"
    r"|an) operation[\w ]{0,30}(?:in progress|running)"
    r"|(?:re)?try again later|retry later|(?:is|are) (?:currently |still )?being (?:created|updated|modified"
    r"|provisioned|deleted)|is in (?:the )?(?:creating|updating|pending|provisioning|deleting)\b",
    unless=r"install/upgrade/rollback|state lock|locking state",
)


@cause("dependency_ordering", needs=("deployment",))
def not_ready_yet(world: World) -> Iterator[Finding]:
    """Something that was made a moment ago, or is being changed, was used before it was ready.

    Roles and principals take seconds to be known everywhere, a webhook answers only when its pods run, and most services
    change one thing at a time. Where nothing refers to it, the tool does not know that it has to wait: depends_on says so.

    When it is wrong: it will never be ready, because it failed itself.
    """
    if told := failing(world, _SAID):
        hook = told.read(r'failed calling webhook "([^"]+)"')
        steps = []
        if hook:
            steps.append(
                terraform.look(
                    "kubectl",
                    "get",
                    "validatingwebhookconfigurations,mutatingwebhookconfigurations",
                    purpose=f"find the service behind {hook}, and whether its pods run",
                )
            )
        steps.append(terraform.again(told.tool, "try again in a minute: what was made is kept"))
        steps.append(
            terraform.plan(
                told.tool,
                f"so that it does not come back, let {told.address or 'the resource'} wait with depends_on for "
                f"what it needs",
            )
        )
        yield told.finding(
            f"{told.who}: {f'the webhook {hook}' if hook else 'what it needs'} was not ready yet "
            f"({told.found.group()[:60]})",
            steps,
        )
