"""What a failed provisioner leaves behind: resources that were made, and that the next apply makes anew."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.reading.terraform.telling import Failing
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command


def kept(told: Failing) -> Iterator[Command]:
    """Yield what keeps each resource that was made before its provisioner failed."""
    yield from (terraform.untaint(told.tool, address) for address in _tainted(told))


def left_behind(told: Failing) -> Iterator[str]:
    """Say what becomes of the resources of failed provisioners, where there are any."""
    tainted = _tainted(told)
    if len(tainted) > 1:
        yield f"{len(tainted)} resources are tainted: the next apply destroys them and makes them anew"
    elif any(one.failure.provisioner and one.failure.doing != "delete" for one in told.tellings):
        yield "the resource is tainted: the next apply destroys it and makes it anew"
    elif told.first.provisioner:
        yield "it was to be destroyed and is still there"


def _tainted(told: Failing) -> list[str]:
    made = [one.failure for one in told.tellings if one.failure.provisioner and one.failure.doing != "delete"]
    return list(dict.fromkeys(failure.address for failure in made if failure.address))
