"""The state holds what this provider does not know."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Missing resource schema from provider|Failed to decode resource from state|from previous state"
    r"|no schema available for|Failed to upgrade (?:resource )?state|state upgrade",
)


@cause("version_constraint", needs=("deployment",))
def state_schema_unknown(world: World) -> Iterator[Finding]:
    """The state holds attributes or a kind of resource that the installed version of the provider does not know.

    The provider was downgraded, or the state was written by one that went another way. What wrote the state can read it:
    that version is installed again, and the upgrade is done in steps.

    When it is wrong: the state was edited by hand.
    """
    if told := failing(world, _SAID):
        steps = [
            terraform.look(
                told.tool,
                "providers",
                purpose="see which versions the configuration asks for, and what the state needs",
            ),
            terraform.upgrade(told.tool, "install the version of the provider that wrote the state, or a later one"),
        ]
        yield told.finding(f"{told.who}: the installed provider does not understand what the state holds of it", steps)
