"""It can't go because something holds on to it."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"\b\w+\.InUse\b|DependencyViolation|has (?:a )?dependent objects?|DeleteConflict"
    r"|resourceInUseByAnotherResource"
    r"|BucketNotEmpty|\b\w*InUseBy\w*|\b\w+InUse\b|ResourceInUseException: (?!Table)|still using it|InUse(?:Subnet"
    r"|Route)\w*|CannotDelete\w*"
    r"|still contains? (?:nested )?resources|must (?:be )?(?:delete|detach|remove"
    r"|disassociate)d? [\w ]{0,40}first|NetworkInterfaceInUse|SubnetInUse|VolumeInUse|ResourceGroupBeingDeleted",
    unless=r"already (?:exists|taken|in use\b)|in status|AddressInUse|currently in use by another plan",
    prose=r"cannot be (?:dropped|deleted|removed|destroyed) because|objects? depends? on it|is being (?:accessed"
    r"|used) by"
    r"|(?:because|while|as) (?:it|they) (?:is|are|has|have) (?:still )?(?:in use|used|referenced|dependen\w+"
    r"|attached)"
    r"|is associated with an active|(?:delet|destroy|remov)\w*\b.{0,200}\b(?:in use|being used|used by"
    r"|not empty|attached to"
    r"|depends on)|(?:in use|not empty|attached|referenced)\b.{0,80}(?:cannot|can't"
    r"|unable to) (?:be )?(?:delete|destroy|remove)",
)


@cause("dependency_ordering", needs=("deployment",))
def still_in_use(world: World) -> Iterator[Finding]:
    """An object can't be deleted while another one uses it.

    The other one is outside of this configuration, or nothing tells the tool that it has to go first: a load balancer that
    a cluster made by itself, network interfaces of a function, objects in a bucket, a certificate that is being replaced.

    When it is wrong: the other one is being deleted right now, and the next try succeeds.
    """
    if told := failing(world, _SAID):
        item = told.read(r"\b((?:sg|subnet|vpc|eni|igw|vol|rtb)-[0-9a-f]{8,})\b")
        steps = []
        if told.cloud == "aws" and item.startswith(("sg-", "subnet-", "vpc-")):
            kind = {"sg": "group-id", "subnet": "subnet-id", "vpc": "vpc-id"}[item.partition("-")[0]]
            argv = ("aws", "ec2", "describe-network-interfaces", "--filters", f"Name={kind},Values={item}")
            steps.append(terraform.look(*argv, purpose=f"find who still uses {item}"))
        purpose = (
            "remove what holds on to it first; where both are managed, depends_on or "
            "create_before_destroy sets the order"
        )
        steps.append(
            terraform.plan(told.tool, purpose, *(["-destroy"] if told.deployment.command == "destroy" else []))
        )
        yield told.finding(f"{told.who}: {item or 'it'} can't be deleted while something else uses it", steps)
