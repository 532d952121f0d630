"""The account may have no more of these."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"\b\w+CountExceeded\w*|\b\w+LimitReached\w*|Insufficient (?:\w+ )?quota|exceed your [\w ]+ limit"
    r"|\bover quota\b"
    r"|\b\w+LimitExceeded\w*|\bLimitExceeded\w*"
    r"|QuotaExceeded\w*|QUOTA_EXCEEDED|exceeded quota"
    r"|quota for maximum|reached your quota|service limits were exceeded"
    r"|Quota '[\w-]+' exceeded|TooMany(?!Requests)\w+|InsufficientFreeAddresses\w*|Cannot exceed quota"
    r"|OperationNotAllowed.{0,160}quota",
    prose=r"enough (?:free |available )?IPs\b|SubnetIsFull|exceed(?:s|ed|ing)?[\w. '\"-]{0,60}\b(?:quota|limit"
    r"|maximum)"
    r"|maximum number of [\w ]+ (?:has been |is )?(?:reached|exceeded)|(?:quota"
    r"|limit)[\w ()]{0,30} (?:has been |was |is )?(?:reached|exceeded)"
    r"|reached the (?:maximum|limit)|not enough (?:free |available )?(?:ip )?addresses|RESOURCE_EXHAUSTED",
    unless=r"\btime limit|RequestLimitExceeded|rate ?limit|throttl|TooManyRequests|Rate exceeded|rateLimitExceeded"
    r"|Client\.Timeout|deadline|per minute",
)


@cause("quota_capacity", needs=("deployment",))
def account_quota_exceeded(world: World) -> Iterator[Finding]:
    """The account, project or namespace has as many of these as it may have.

    Clouds limit how much of everything an account may hold, new accounts to little. Leftovers of earlier tries count.
    Either something unused is removed, or the owner asks for more; that may take minutes or days.

    When it is wrong: the number is right, and the size of one thing is over what the service ever allows.
    """
    if told := failing(world, _SAID):
        quota = (
            told.read(r"Quota '([\w-]+)'")
            or told.read(r"exceeded: ([\w-]+)")
            or told.read(r"exceeded quota: ([\w.-]+)")
            or told.found.group()[:60]
        )
        steps = list(_looks(told))
        steps.append(
            terraform.plan(
                told.tool,
                "remove what is unused or ask for a higher quota, then try again; what was made before stays made",
            )
        )
        yield told.finding(f"{told.who}: the quota is used up ({quota})", steps)


def _looks(told: Failing) -> Iterator[Command]:
    region = told.read(r"[Rr]egion:? '?\"?([a-z]{2,}-?[a-z]+-?\d)") or told.read(r"location '?\"?([a-z]+\d?)")
    if told.cloud == "aws":
        service = _SERVICES.get(told.first.type.split("_")[1] if "_" in told.first.type else "", "ec2")
        yield terraform.look(
            "aws",
            "service-quotas",
            "list-service-quotas",
            "--service-code",
            service,
            purpose="find the quota and its value; `request-service-quota-increase` asks for more",
        )
    elif told.cloud == "azurerm" and region:
        yield terraform.look(
            "az", "vm", "list-usage", "--location", region, purpose="see what is used of what is allowed"
        )
    elif told.cloud == "google" and region:
        yield terraform.look(
            "gcloud", "compute", "regions", "describe", region, purpose="see what is used of what is allowed"
        )
    elif told.cloud == "kubernetes":
        yield terraform.look(
            "kubectl", "describe", "resourcequota", "-A", purpose="see what is used of what is allowed"
        )


_SERVICES = {
    "eks": "eks",
    "db": "rds",
    "rds": "rds",
    "s3": "s3",
    "lambda": "lambda",
    "iam": "iam",
    "ecs": "ecs",
    "lb": "elasticloadbalancing",
    "vpc": "vpc",
}
