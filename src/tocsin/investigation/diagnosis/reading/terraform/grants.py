"""Who was not allowed to do what, as the clouds word it, and what would allow it."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.reading.terraform.telling import Failing
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command

_AWS = r"(arn:aws[\w-]*:(?:iam|sts)::\d+:[\w+=,.@/-]+) is not authorized"
# Actions that a contributor of Azure may not do.
_GRANTS = ("roleassignments/write", "roledefinitions/write", "locks/write")


# Services and calls of AWS whose rights are named otherwise than the call.
_SERVICES = {
    "CloudWatch Logs": "logs",
    "Cognito Identity Provider": "cognito-idp",
    "Application Auto Scaling": "application-autoscaling",
    "Elastic Load Balancing v2": "elasticloadbalancing",
    "Elastic Load Balancing": "elasticloadbalancing",
    "EventBridge": "events",
    "SFN": "states",
}
_CALLS = {"HeadBucket": "ListBucket", "ListObjectsV2": "ListBucket", "HeadObject": "GetObject"}


def wanted(told: Failing) -> Sequence[str]:
    """Return the actions that were refused, in the words of the cloud; none where it does not say."""
    actions = told.all(r"not authorized to perform:? \[?'?([\w-]+:\w+)")
    actions = actions or told.all(r"(?:perform|the) action '([\w./]+)'")
    actions = actions or told.all(r"ermission '([\w.]+)'") or told.all(r"Required '([\w.]+)' permission")
    actions = actions or told.all(r"cannot (\w+ resource \"[\w./-]+\")")
    return actions or list(dict.fromkeys(_called(told)))


def _called(told: Failing) -> Iterator[str]:
    """Yield the actions of AWS that the errors name as calls only: `operation error S3: PutBucketPolicy`."""
    for service, call in told.pairs(r"operation error ([\w ]+): (\w+)"):
        name = _SERVICES.get(service, service.lower().replace(" ", ""))
        yield f"{name}:{_CALLS.get(call, call)}"
    for what in told.all(r"[Ee]rror putting S3 (?:bucket )?(ACL|policy)"):
        yield f"s3:PutBucket{what.capitalize()}"


def principal(told: Failing) -> str:
    """Return who was refused: an ARN, an object id, a user; empty where nothing tells."""
    return told.read(_AWS) or told.read(r"object id '([\w-]+)'") or told.read(r'User "([^"]+)" cannot')


def _looks(told: Failing) -> Iterator[Command]:
    if message := told.read(r"[Ee]ncoded authorization failure message: ([\w-]{40,})"):
        argv = ("aws", "sts", "decode-authorization-message", "--encoded-message", message)
        yield terraform.look(*argv, purpose="read which action, on what, was denied by which policy")
    if told.cloud == "google":
        purpose = "see whether the interface is switched on at all: one that is not answers 403 too"
        yield terraform.look("gcloud", "services", "list", "--enabled", purpose=purpose)


def grants(told: Failing) -> Iterator[Command]:
    """Yield what would tell more, and what would allow it where the error names both who and what."""
    who, actions = principal(told), wanted(told)
    yield from _looks(told)
    scope = told.read(r"over scope '([^']+)'")
    if who.startswith("arn:"):
        resource = told.read(r"on resource:? \"?(arn:[^\s\",]+)")
        allow = terraform.allow_aws(who, actions, resource)
        yield from (allow,) if allow else ()
    elif who and scope and actions:
        role = "User Access Administrator" if actions[0].lower().endswith(_GRANTS) else "Contributor"
        yield terraform.assign_azure(who, role, scope)
    elif told.cloud in ("kubernetes", "helm") and who and (verb := told.read(r"cannot (\w+) resource")):
        kind, group = told.read(r'resource "([\w./-]+)"'), told.read(r'API group "([\w.-]+)"')
        yield terraform.allow_kubernetes(who, verb, f"{kind}.{group}" if group else kind)


def asked_for(told: Failing) -> str:
    """Say, in words, which right is to be given to whom, and where: what no command of ours can know in full."""
    actions, who = wanted(told), principal(told) or "the identity of this run"
    if actions:
        where = told.read(r"[Pp]roject '([\w-]+)'") or told.read(r"[/ ]projects/([\w-]+)")
        role = " a role that holds" if told.cloud in ("google", "azurerm") else ""
        return f"give {who}{role} {', '.join(actions[:3])}{f' in project {where}' if where else ''}"
    deed = _DEEDS.get(told.first.doing, "use")
    kind = told.first.type or "what it names"
    holder = who if told.cloud in _ROLES else "the token of this run"
    return f"give {holder} the right to {deed} {kind}"


_DEEDS = {
    "create": "create",
    "update": "change",
    "delete": "delete",
    "read": "read",
    "refresh": "read",
    "import": "read",
}
_ROLES = ("aws", "google", "azurerm", "azuread", "kubernetes", "helm")
