"""The tool itself fell over."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"TERRAFORM CRASH|OPENTOFU CRASH|crash\.log|bug in (?:Terraform|OpenTofu)"
    r"|hashicorp/terraform/(?:command|internal|backend|terraform|configs)[./]|opentofu/opentofu/internal/",
    prose=r"^panic: runtime error|Could not retrieve providers for locking.*doesn't match",
    unless=r"terraform-provider-|plugin crashed",
)


@cause("core_bug", needs=("deployment",))
def tool_crashed(world: World) -> Iterator[Finding]:
    """Terraform or OpenTofu itself crashed, or says that it met a mistake of its own.

    That is rare and mostly mended in a later version of the same line. What was being made at that moment may exist
    without the state knowing, and the lock may be left behind.

    When it is wrong: a provider crashed, and its trace stands in the same log.
    """
    if told := failing(world, _SAID):
        version = told.deployment.run.version
        steps = [
            terraform.look(
                told.tool,
                "version",
                purpose=f"see which version runs{f' ({version})' if version else ''}; take the latest patch of "
                f"its line",
            ),
            terraform.plan(told.tool, "try once more: a crash of chance does not come back"),
        ]
        yield told.finding(
            f"{told.tool}{' ' + version if version else ''} crashed by a mistake of its own "
            f"({told.found.group()[:60]})",
            steps,
        )
