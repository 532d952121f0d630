"""Nothing that exists satisfies all that is asked."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"no suitable version|plan files cannot be transferred|no available releases match"
    r"|does not match configured version constraint"
    r"|Unsupported (?:Terraform|OpenTofu) Core version|does not support (?:Terraform|OpenTofu) version"
    r"|Module version requirements have changed"
    r"|Unresolvable module version|no versions? (?:matching|match)|Could not satisfy plugin requirements"
    r"|no compatible versions|Incompatible API version|doesn't support plugin protocol",
    prose=r"Inconsistent dependency lock file|version constraint|required_version"
    r"|requires? (?:at least )?(?:Terraform|OpenTofu|provider)[\w ]* v?\d|not compatible with"
    r"|Failed to resolve provider packages|incompatible with|unsupported [\w ]{0,20}version"
    r"|version \S{0,12} ?is (?:no longer|not) supported",
    unless=r"count, for_each|registry\.terraform\.io/-/|does not have a package available"
    r"|doesn't match any of the checksums|x509|dial tcp|Client\.Timeout",
)


@cause("version_constraint", needs=("deployment",))
def versions_disagree(world: World) -> Iterator[Finding]:
    """The versions that the configuration, its modules and the lock file ask for exclude each other.

    The lock file holds the versions of the last `init -upgrade`; constraints that were changed since need a new choice.
    Two modules may also ask for different things, and then one of them has to be upgraded. The tool itself is asked for
    by required_version.

    When it is wrong: a mirror does not have the version that the world has.
    """
    if told := failing(world, _SAID):
        provider = told.read(r"provider:? ((?:[\w.-]+/)?[\w-]+/[\w-]+)")
        wanted = told.read(r"constraints? ([~><=!]+ ?[\d.]+[^;\n]{0,40}?)(?:;|$|\. | To )") or told.read(
            r'required_version = "([^"]+)"'
        )
        core = "Core version" in told.first.text or "does not support" in told.first.text
        steps = [
            terraform.look(
                told.tool, "version" if core else "providers", purpose="see which versions are asked for, and by whom"
            )
        ]
        if core:
            steps.append(
                terraform.look(
                    told.tool,
                    "version",
                    purpose=f"run it with a version that required_version "
                    f"allows{': ' + wanted if wanted else ''}, or change required_version",
                )
            )
        else:
            steps.append(
                terraform.upgrade(
                    told.tool,
                    f"choose {provider or 'the versions'} anew within the constraints{': ' + wanted if wanted else ''}",
                )
            )
        yield told.finding(
            f"{provider or told.who}: no version satisfies all that is asked{' (' + wanted + ')' if wanted else ''}",
            steps,
        )
