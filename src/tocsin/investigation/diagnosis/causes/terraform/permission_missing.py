"""Known, and not allowed."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.grants import asked_for, grants, principal, wanted
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Permission \"[\w.]+\" denied|\b\w*AccessDenied\w*\b|Cannot assume IAM Role|UnauthorizedOperation"
    r"|(?:Linked)?AuthorizationFailed|AuthorizationPermissionMismatch"
    r"|AuthorizationError\b|PERMISSION_DENIED|not authorized to perform|does not have (?:authorization|permission)"
    r"|Permission '[\w.]+' denied|Required '[\w.]+' permission|insufficientPermissions"
    r"|Authorization_RequestDenied|Insufficient privileges"
    r"|NotAuthorizedOrNotFound|is forbidden: User|Resource not accessible by|ForbiddenByRbac"
    r"|permission denied for \w+|must be owner of",
    prose=r"\bpermission[\w ]{1,40} denied\b|requires? (?:an? |the )?[\w ]{0,24}\b(?:role|privileges?|rights)\b"
    r"|(?:only|must be an?) [\w ]{0,20}"
    r"(?:admins?|administrators?|owners?)\b|(?:not|lack)[\w ]{0,20} (?:sufficient )?privileges?\b"
    r"|Unauthorized to access|\bForbidden\b"
    r"|Access(?: is)? Denied|(?:missing|requires?|lacks?|needs?|no"
    r"|insufficient)[\w '\"]{0,30}\bpermissions?\b"
    r"|not (?:allowed|permitted|authorized) to|permission denied|authorization failed|NoPermission"
    r"|does not have [\w ]{0,20}access",
    status=r"\b403\b",
    unless=r"using password: |Error 1045\b|ForbiddenByFirewall|Client address is not authorized"
    r"|insufficient [\w ]*quota|\bconstraints/"
    r"|RequestDisallowedByPolicy|service control policy|SERVICE_DISABLED|accessNotConfigured"
    r"|has not been used in project|exceeded quota"
    r"|insufficient authentication scopes|\(publickey|admission webhook|violates PodSecurity"
    r"|SignatureDoesNotMatch|InvalidClientTokenId"
    r"|ExpiredToken|AADSTS\d|\bconstraints/|quotaExceeded|rateLimitExceeded|Client\.Timeout"
    r"|InvalidAuthenticationToken|secondary rate limit|BlockPublic(?:Policy|Acls)",
)

_PUBLIC = (
    "where the organisation, the account or the bucket blocks ACLs and public policies, no right helps: leave the acl out, "
    "or take a provider that sets none by itself"
)
_RETIRED = (
    "a service that is being retired, or is not offered to this account, answers so to every call: then take it out of "
    "the configuration"
)
_APPLIED = r"Error: Cannot apply incomplete plan"
# The backend has credentials and rights of its own.
_STATE = re.compile(
    r"(?:sav|persist|upload|refresh|load|lock)(?:e|ing)? (?:the )?state|acquiring the state lock"
    r"|existing workspaces",
    re.I,
)


@cause("permission", needs=("deployment",))
def permission_missing(world: World) -> Iterator[Finding]:
    """The service knows who asks and does not allow it.

    The role of a run is often made for what the configuration held once; a new kind of resource, a tag or a key of
    encryption needs an action more. Rights that were given just now take some minutes to be in force, and a service may
    say "denied" of what does not exist, so as not to tell.

    When it is wrong: a rule of the organisation forbids it to everybody, or the run acts as somebody else than people think.
    """
    if told := failing(world, _SAID, lambda failure: bool(failure.address) or not _STATE.search(failure.text)):
        actions = wanted(told)
        lacks = f" may not {', '.join(actions[:3])}" if actions else " is not allowed to do this"
        who = principal(told)
        steps = [*terraform.whoami(told.cloud), *grants(told)]
        purpose = f"{asked_for(told)}, then see whether it is allowed; new rights take minutes to be in force"
        steps.append(terraform.plan(told.tool, purpose))
        yield told.finding(f"{told.who}: {who or 'the run'}{lacks}", steps, list(_hints(told)))


def _hints(told: Failing) -> Iterator[str]:
    if re.search(r"S3 (?:bucket )?(?:ACL|policy)|BucketAcl|BucketPolicy", told.first.text, re.I):
        yield _PUBLIC
    elif len(told.tellings) > 1 and told.cloud == "aws" and not principal(told):
        yield _RETIRED
    if re.search(_APPLIED, told.deployment.section.log):
        yield "the pipeline applied a plan that had failed: let it stop where plan fails"
