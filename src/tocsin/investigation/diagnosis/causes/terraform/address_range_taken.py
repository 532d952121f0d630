"""Two networks want the same addresses."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"InvalidSubnet\.Conflict|conflicts with another subnet|NetcfgSubnetRangesOverlap"
    r"|PrivateIPAddress(?:InUse|IsAllocated)|IP_IN_USE",
    unless=r"\": conflicts with",
    prose=r"(?:CIDR|address(?: range| space)?|subnet|range)[\w '\"./:-]{0,80} (?:overlap|conflict)s?\b"
    r"|overlapping (?:CIDR|subnet|address|range)",
)


@cause("already_exists", needs=("deployment",))
def address_range_taken(world: World) -> Iterator[Finding]:
    """The range of addresses overlaps with one that is in use in the same network.

    Either two resources of the configuration were given the same range, or something that an earlier run or a person made
    still holds it. A subnet that is replaced may also be made before the old one is gone.

    When it is wrong: the old subnet is just being deleted, and the next apply succeeds.
    """
    if told := failing(world, _SAID):
        cidr = told.read(r"(\d+\.\d+\.\d+\.\d+(?:/\d+)?)")
        steps = []
        if told.cloud == "aws" and "/" in cidr:
            argv = ("aws", "ec2", "describe-subnets", "--filters", f"Name=cidr-block,Values={cidr}")
            steps.append(terraform.look(*argv, purpose=f"find who holds {cidr}"))
        steps.append(
            terraform.look(
                told.tool, "state", "list", purpose="see whether the holder is in this state, left over, or foreign"
            )
        )
        steps.append(
            terraform.plan(
                told.tool,
                f"give {told.address or 'the subnet'} a range that is free, or remove what holds it: a leftover, or a "
                "second definition of the same range, as by a module and beside it",
            )
        )
        yield told.finding(f"{told.who}: the range {cidr or 'that it wants'} overlaps with one in use", steps)
