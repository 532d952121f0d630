"""Errors that say that something exists already, and whether they are chance or a state that has lost track."""

import re

from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.world import World

_EXISTS = signs(
    code=r"BucketAlreadyOwnedByYou|\b\w*AlreadyExists\w*|ALREADY_EXISTS|\b\w+\.Duplicate\b"
    r"|\b\w+Exists\b|has already been (?:taken|associated|used|registered)|to be imported into the State"
    r"|Table already exists"
    r"|cannot re-use a name that is still in use|but it already exists|DuplicateRecord|EntityAlreadyExists"
    r"|already exists\b|AlreadyTaken",
    prose=r"\bexists already\b|\bnot unique\b|\buniqueness_error\b|(?:must|has to|should) be unique"
    r"|overwrite (?:an )?existing|Duplicate of an existing|(?:name|value|key|alias"
    r"|domain|record|address|port"
    r"|number) (?:is "
    r"|has )?(?:already )?(?:been )?(?:already )?(?:taken|in use|used|registered|assigned)\b"
    r"|is already (?:taken|used|in use|associated|attached|registered|defined|a member)|already (?:owned|attached"
    r"|associated)|already (?:present|in use)\b|duplicate (?:[\w ]{1,20} )?(?:key|name|entry|record|value)",
    status=r"(?<![\w.:/-])409(?![\w./-])|ResourceConflictException",
    unless=r"deleted but recoverable|soft[- ]?deleted|scheduled for deletion|Duplicate resource"
    r"|conflicts with another subnet|SkuNotAvailable|LeaseAlreadyPresent",
)
# Fewer than these can be chance.
_MANY, _KINDS = 4, 3
# What is not imported by its name, but by an ARN or an id that only the service knows.
_NOT_BY_NAME = re.compile(
    r"azurerm_|aws_(?:iam_policy|a?lb|lb_\w+|sns_topic|security_group|acm_\w+|subnet|vpc|route53_\w+|eip)$"
)
# Arguments that are a resource's id for most providers, the most telling first.
_IDENTITIES = ("bucket", "name", "function_name", "repository", "identifier", "key_name", "domain")


def collisions(world: World) -> Failing | None:
    """Return the errors that say that something exists already."""
    return failing(world, _EXISTS)


def unrelated(told: Failing) -> bool:
    """Tell whether so many of so different kinds exist already that the state must have lost track of them."""
    kinds = {found.failure.type for found in told.tellings if found.failure.type}
    return len(told.addresses) >= _MANY and len(kinds) >= _KINDS


def identity_of(told: Failing, name: str) -> str:
    """Return the id of what exists: as the error gives it, else as the plan names it, else a name that was quoted."""
    if identity := told.read(r'resource with the ID "([^"]+)"'):
        return identity
    if _NOT_BY_NAME.match(told.first.type):
        return ""
    planned = told.deployment.planned(told.address)
    known = next((planned[key] for key in _IDENTITIES if isinstance(planned.get(key), str)), "")
    return known or name
