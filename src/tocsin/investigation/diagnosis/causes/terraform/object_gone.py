"""What the state knows is not there any more."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.absences import ABSENT, read_back
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World


@cause("state_drift", needs=("deployment",))
def object_gone(world: World) -> Iterator[Finding]:
    """The state knows an object that was deleted outside, and reading it fails.

    Before it plans, the tool reads everything that the state holds. Most providers take a missing object for one to make
    again; some fail instead. It is the memory that is out of date, not the configuration: the object is taken out of the
    state and made again, or is made again by hand and adopted.

    When it is wrong: the object is there, and the run looks with other credentials, in another account, region or project.
    """
    if told := failing(world, ABSENT, read_back):
        held = _identity(told)
        steps = [
            *([terraform.shown(told.tool, told.address)] if told.address else []),
            *terraform.whoami(told.cloud),
            *[
                terraform.forget(told.tool, address, held if address == told.address else "")
                for address in told.addresses
            ],
            terraform.plan(told.tool, "see what is to be made again"),
        ]
        yield told.finding(f"{told.who}: the state knows it, and it is gone ({told.found.group()[:60]})", steps)


def _identity(told: Failing) -> str:
    """Return the id that the log names while it refreshes the resource."""
    mark = f"{told.address}: Refreshing state... [id="
    line = next((line for line in told.deployment.lines if mark in line), "")
    return line.partition(mark)[2].rpartition("]")[0]
