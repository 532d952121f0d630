"""What is written fits another version of the provider."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Value for unconfigurable attribute|can't configure a value for|\[REMOVED\]|(?:argument|attribute"
    r"|resource|data source|block|field) (?:\S+ )?(?:was|has been|is) removed|(?:removed"
    r"|deprecated) (?:in|since) (?:version )?v?\d+\.\d",
    prose=r"no longer (?:supported|available|exists) (?:in|by|since)|is not supported (?:in|by) (?:this"
    r"|the) (?:provider )?version",
)
_FOREIGN = signs(
    code=r"^Unsupported (?:argument|block type|attribute)|^Invalid (?:resource type|data source)"
    r"|^Missing required argument.*\"?provider"
)


@cause("version_constraint", needs=("deployment",))
def argument_of_another_version(world: World) -> Iterator[Finding]:
    """The configuration, or a module that was fetched, is written for another version of the provider.

    Large releases move arguments into resources of their own and take others away. A module that does not limit the
    version of its providers gets the newest, and stops fitting on the day of such a release. Limiting the version brings
    back what worked; upgrading the module mends it.

    When it is wrong: the argument never existed, and the module was changed by hand.
    """
    if told := failing(world, _SAID) or failing(world, _FOREIGN, lambda failure: failure.fetched):
        name = told.read(r'(?:named|value for|type|attribute) "(\w+)"')
        steps = [
            terraform.look(told.tool, "providers", purpose="see which module asks for which versions of the provider"),
            terraform.upgrade(
                told.tool,
                f"upgrade the module, or limit provider {told.cloud} to the last major version that knew "
                f"{name or 'it'}, then install it",
                before=f'version = "~> …" of {told.cloud or "the provider"} in required_providers names that version',
            ),
        ]
        yield told.finding(
            f"{told.place or told.who}: {name or 'an argument'} is not what this version of the provider takes", steps
        )
