"""The lock can't even be written."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"(?:acquiring the state lock|locking state).*(?:no such file or directory|file too large"
    r"|no space left|read-only file system|ResourceNotFoundException|requested resource not found"
    r"|unsupported protocol|permission denied)",
)


@cause("state_backend", needs=("deployment",))
def state_lock_unwritable(world: World) -> Iterator[Finding]:
    """Nobody holds the lock: it can't be written where it is to be kept.

    A local state needs a folder that exists, may be written and has space; a table of locks has to be there. The error
    speaks of a lock, and waiting or unlocking changes nothing.

    When it is wrong: the place is there, and the run acts as somebody who may not see it.
    """
    if told := failing(world, _SAID):
        why = told.read(
            r"(no such file or directory|file too large|no space left[\w ]*|read-only file system"
            r"|ResourceNotFoundException|permission denied)"
        )
        steps = [
            terraform.look("df", "-h", ".", purpose="see whether there is space where the state is kept"),
            terraform.plan(told.tool, "try again, once the place of the state exists, may be written and has space"),
        ]
        yield told.finding(
            f"the lock of the state can't be written: {why}", steps, ["unlocking does not help: nobody holds a lock"]
        )
