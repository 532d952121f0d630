"""The state is not the one that was written down last."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(code=r"does not have the expected content|update the Digest value")


@cause("state_backend", needs=("deployment",))
def state_digest_differs(world: World) -> Iterator[Finding]:
    """The bucket holds another state than the one whose checksum stands in the table of locks.

    The checksum is written after each state. If somebody deleted, restored or replaced the state by hand, or a run was
    killed between the two, they differ. Either the right version of the state comes back, or the checksum is set to what
    is there.

    When it is wrong: the bucket is slow to show what was just written, and a minute later all is well.
    """
    if told := failing(world, _SAID):
        digest = told.read(r"to the following value: ?([0-9a-f]{32})")
        steps = [
            terraform.look(
                "aws", "dynamodb", "list-tables", purpose="find the table; its row for the state ends in -md5"
            ),
            terraform.plan(told.tool, "wait a minute and try again, before anything is changed by hand"),
        ]
        gone = (
            []
            if digest
            else [
                (
                    "the tool names no digest to set: the state itself is missing from the bucket, so restore a "
                    "version of it or delete the row"
                )
            ]
        )
        yield told.finding(
            f"the state in the bucket is not the one that was written last{'' if digest else ': it is empty or gone'}",
            steps,
            gone,
        )
