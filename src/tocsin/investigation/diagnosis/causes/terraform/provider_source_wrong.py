"""A provider of that name is not where it is looked for."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"does not have a provider named|provider registry \S+ does not have|Did you intend to use \S+/"
    r"|Invalid provider registry host",
)


@cause("configuration_error", needs=("deployment",))
def provider_source_wrong(world: World) -> Iterator[Finding]:
    """The registry knows no provider of the name that the configuration, or one of its modules, asks for.

    Without a source in required_providers, a provider is taken for one of HashiCorp's. Every module has to say for itself
    where its providers come from; one that does not is enough.

    When it is wrong: the provider was withdrawn, or the registry is a mirror that lacks it.
    """
    if told := failing(world, _SAID):
        name = told.read(r"provider (?:named )?(?:registry\.\S+?/)?((?:[\w-]+/)?[\w-]+)\b(?= *[:.,]|$)") or told.read(
            r"registry\.[\w.]+/([\w-]+/[\w-]+)"
        )
        better = told.read(r"intend to use ([\w-]+/[\w-]+)")
        short = (better or name).rpartition("/")[2]
        change = (
            f'write required_providers {{ {short or "…"} = {{ source = "{better}" }} }}'
            if better
            else f"write the source of {short or 'the provider'} into required_providers"
        )
        steps = [
            terraform.look(told.tool, "providers", purpose="see which module asks for it"),
            terraform.init(told.tool, f"{change} of that module, then install it"),
        ]
        yield told.finding(
            f"the registry knows no provider {name or 'of that name'}{f'; it is {better} now' if better else ''}", steps
        )
