"""The state names providers as they were named before 0.13."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(code=r"registry\.terraform\.io/-/|Invalid legacy provider address|unqualified provider \"")


@cause("version_constraint", needs=("deployment",))
def legacy_provider_address(world: World) -> Iterator[Finding]:
    """The state was written before Terraform 0.13 and names its providers without an owner.

    Since then a provider is named by its registry, its owner and its name. A state that was not upgraded on the way has
    "-" for the owner, and no configuration fits it. The state is told the new name, once for each provider.

    When it is wrong: only some objects are old, and they may be forgotten instead.
    """
    if told := failing(world, _SAID):
        names = told.all(r"registry\.terraform\.io/-/([\w-]+)")
        steps = [
            terraform.look(told.tool, "providers", purpose="see which of them the state still names in the old way")
        ]
        steps += [
            terraform.rename_provider(
                told.tool,
                f"registry.terraform.io/-/{name}",
                f"registry.terraform.io/{_OWNERS.get(name, 'hashicorp')}/{name}",
            )
            for name in names
        ]
        hint = [
            "re-adding the provider block, as the tool advises, does not help: the name in the state is what is old"
        ]
        yield told.finding(f"the state names its providers as before 0.13: {', '.join(names)}", steps, hint)


# Providers that are not HashiCorp's, as the registry lists them.
_OWNERS = {
    "datadog": "DataDog",
    "cloudflare": "cloudflare",
    "github": "integrations",
    "newrelic": "newrelic",
    "pagerduty": "PagerDuty",
    "mongodbatlas": "mongodb",
    "digitalocean": "digitalocean",
    "docker": "kreuzwerker",
}
