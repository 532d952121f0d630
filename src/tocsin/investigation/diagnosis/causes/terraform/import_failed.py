"""What is to be adopted is not there, or is adopted already."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Cannot import non-existent remote object|Import block target does not exist"
    r"|Configuration for import target does not exist"
)


@cause("not_found", needs=("deployment",))
def import_failed(world: World) -> Iterator[Finding]:
    """An object was to be adopted by import, and the provider does not find it under that id.

    Each kind of resource has its own form of id: a name, an ARN, a path of several parts. It is looked up in the region,
    account and project of the provider.

    When it is wrong: the object exists, and whoever asks may not see it.
    """
    if told := failing(world, _SAID):
        steps = [
            *terraform.whoami(told.cloud),
            terraform.plan(
                told.tool,
                f"correct the id of the import of {told.who}: its form stands in the provider's documentation",
            ),
        ]
        yield told.finding(f"{told.who}: nothing to import under that id", steps)
