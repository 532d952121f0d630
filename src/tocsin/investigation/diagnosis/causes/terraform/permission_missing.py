"""Known, and not allowed."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"\bAccessDenied\w*\b|UnauthorizedOperation|(?:Linked)?AuthorizationFailed|AuthorizationPermissionMismatch"
    r"|AuthorizationError\b|PERMISSION_DENIED|not authorized to perform|does not have (?:authorization|permission)"
    r"|Permission '[\w.]+' denied|Required '[\w.]+' permission|insufficientPermissions"
    r"|Authorization_RequestDenied|Insufficient privileges"
    r"|NotAuthorizedOrNotFound|is forbidden: User|Resource not accessible by|ForbiddenByRbac"
    r"|permission denied for \w+|must be owner of",
    prose=r"Unauthorized to access|\bForbidden\b|Access(?: is)? Denied|(?:missing|requires?|lacks?|needs?|no"
    r"|insufficient)[\w '\"]{0,30}\bpermissions?\b"
    r"|not (?:allowed|permitted|authorized) to|permission denied|authorization failed|NoPermission"
    r"|does not have [\w ]{0,20}access",
    status=r"\b403\b",
    unless=r"RequestDisallowedByPolicy|service control policy|SERVICE_DISABLED|accessNotConfigured"
    r"|has not been used in project|exceeded quota"
    r"|insufficient authentication scopes|\(publickey|admission webhook|violates PodSecurity"
    r"|SignatureDoesNotMatch|InvalidClientTokenId"
    r"|ExpiredToken|AADSTS\d|\bconstraints/|quotaExceeded|rateLimitExceeded|Client\.Timeout"
    r"|InvalidAuthenticationToken|secondary rate limit",
)
_AWS = r"(arn:aws[\w-]*:(?:iam|sts)::\d+:[\w+=,.@/-]+) is not authorized"
_GRANTS = ("roleassignments/write", "roledefinitions/write", "locks/write")


@cause("permission", needs=("deployment",))
def permission_missing(world: World) -> Iterator[Finding]:
    """The service knows who asks and does not allow it.

    The role of a run is often made for what the configuration held once; a new kind of resource, a tag or a key of
    encryption needs an action more. Rights that were given just now take some minutes to be in force, and a service may
    say "denied" of what does not exist, so as not to tell.

    When it is wrong: a rule of the organisation forbids it to everybody, or the run acts as somebody else than people think.
    """
    if told := failing(world, _SAID):
        wanted = _wanted(told)
        lacks = f" may not {', '.join(wanted[:3])}" if wanted else " is not allowed to do this"
        who = _principal(told)
        where = f" {told.address}:" if told.address else ""
        steps = [*terraform.whoami(told.cloud), *_looks(told), *_grants(told, who, wanted)]
        steps.append(terraform.plan(told.tool, "see whether it is allowed now; new rights take minutes to be in force"))
        yield told.finding(f"{told.deployment.subject.name}:{where} {who or 'the run'}{lacks}", steps)


def _wanted(told: Failing) -> Sequence[str]:
    actions = told.all(r"not authorized to perform:? \[?'?([\w-]+:\w+)")
    actions = actions or told.all(r"(?:perform|the) action '([\w./]+)'")
    actions = actions or told.all(r"ermission '([\w.]+)'") or told.all(r"Required '([\w.]+)' permission")
    return actions or told.all(r"cannot (\w+ resource \"[\w./-]+\")")


def _principal(told: Failing) -> str:
    return told.read(_AWS) or told.read(r"object id '([\w-]+)'") or told.read(r'User "([^"]+)" cannot')


def _looks(told: Failing) -> Iterator[Command]:
    if message := told.read(r"[Ee]ncoded authorization failure message: ([\w-]{40,})"):
        argv = ("aws", "sts", "decode-authorization-message", "--encoded-message", message)
        yield terraform.look(*argv, purpose="read which action, on what, was denied by which policy")


def _grants(told: Failing, who: str, wanted: Sequence[str]) -> Iterator[Command]:
    """Yield what would allow it, where the error names both who and what."""
    scope = told.read(r"over scope '([^']+)'")
    if who.startswith("arn:"):
        resource = told.read(r"on resource:? \"?(arn:[^\s\",]+)")
        allow = terraform.allow_aws(who, wanted, resource)
        yield from (allow,) if allow else ()
    elif who and scope and wanted:
        role = "User Access Administrator" if wanted[0].lower().endswith(_GRANTS) else "Contributor"
        yield terraform.assign_azure(who, role, scope)
    elif told.cloud in ("kubernetes", "helm") and who and (verb := told.read(r"cannot (\w+) resource")):
        kind, group = told.read(r'resource "([\w./-]+)"'), told.read(r'API group "([\w.-]+)"')
        yield terraform.allow_kubernetes(who, verb, f"{kind}.{group}" if group else kind)
