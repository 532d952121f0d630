"""The cloud itself has none left."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"\bNoStock\b|\b(?:sold out|out of stock)\b|No valid host was found|resource_unavailable\b"
    r"|not enough hosts|Insufficient\w{0,40}Capacity\w*"
    r"|SkuNotAvailable|InsufficientInstanceCapacity|InsufficientCapacity\w*"
    r"|\b\w*RESOURCE_POOL_EXHAUSTED\w*|out of host capacity|(?:Zonal"
    r"|Overconstrained\w*)?AllocationFailed"
    r"|InsufficientHostCapacity|InsufficientDBInstanceCapacity|UnsupportedAvailabilityZone\w*"
    r"|capacity restrictions|NotAvailableForSubscription",
    # A launch that is repeated in silence until the time is over: the clouds repeat for want of machines.
    prose=r"\bno capacity\b|launching (?:source )?instance: timeout while waiting for state to become 'success'"
    r"|no hosts? [\w ]*(?:available|enough)|insufficient (?:memory|cpu|disk|host)\b"
    r"|does not have enough resources available|do(?:es)? not have (?:enough|sufficient)[\w ]*capacity"
    r"|insufficient capacity|is not supported in your requested Availability Zone|stockout"
    r"|not currently available in|is currently not available in",
)


_SILENT = "timeout while waiting for state to become 'success'"


@cause("quota_capacity", needs=("deployment",))
def capacity_lacking(world: World) -> Iterator[Finding]:
    """The cloud has no machine of that size left in that zone or region, or does not offer it to this account.

    No right and no quota helps: it is a matter of what stands in the data centre. Another size, zone or region may have
    some, or the same one later. The HTTP status (409, 400, 500) says nothing about it.

    When it is wrong: the size has a typing error, or was never offered there.
    """
    if told := failing(world, _SAID):
        size = told.read(r"(Standard_\w+)") or told.read(r"instance type \(?([\w.]+\d?\w*\.\w+)")
        place = told.read(r"(?:location|zone|region)s?:? ?'?\"?([\w/.-]+\d[a-z]?)")
        where = f" in {place}" if place else ""
        steps = list(_steps(told, size, place))
        if _SILENT in told.first.text:
            most = "the launch was refused again and again until the time was over, most likely for want of capacity"
            yield told.finding(f"{told.who}: {most}", [terraform.trace(told.tool), *steps])
        else:
            yield told.finding(f"{told.who}: no capacity for {size or 'it'}{where}", steps)


def _steps(told: Failing, size: str, place: str) -> Iterator[Command]:
    if told.cloud == "azurerm" and size and place:
        named = ("--location", place, "--size", size.rpartition("_")[0] or size, "--all", "--output", "table")
        purpose = f"see which sizes like {size} are offered in {place}"
        yield terraform.look("az", "vm", "list-skus", *named, purpose=purpose)
    elif told.cloud == "aws" and size:
        asked = ("--location-type", "availability-zone", "--filters", f"Name=instance-type,Values={size}")
        purpose = f"see which zones offer {size}"
        yield terraform.look("aws", "ec2", "describe-instance-type-offerings", *asked, purpose=purpose)
    yield terraform.plan(told.tool, "choose another size, zone or region, or try again later")
