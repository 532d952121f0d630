"""A package is not the one that was written down."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"(?:doesn't|does not) match any of the checksums|checksums? (?:mismatch|do(?:es)? not match)|the (?:local"
    r"|current) package for \S+ [\d.]+ doesn't match",
)


@cause("version_constraint", needs=("deployment",))
def checksum_mismatch(world: World) -> Iterator[Finding]:
    """A provider's package has none of the checksums in the lock file.

    The lock file was written on one kind of machine and holds that machine's checksums alone; a pipeline on another one,
    or a mirror that packs anew, has others. `providers lock` writes those of all that are used.

    When it is wrong: the package was tampered with. Compare with the registry before new checksums are accepted.
    """
    if told := failing(world, _SAID):
        platforms = told.all(r"\b((?:linux|darwin|windows)_(?:amd64|arm64))\b")
        asked = [f"-platform={platform}" for platform in dict.fromkeys((*platforms, "linux_amd64"))]
        provider = told.read(r"for (registry\.[\w./-]+)")
        steps = [terraform.lock_providers(told.tool, asked, provider)]
        hint = (
            ["`providers lock` of Terraform 0.14 compares platforms with each other's checksums: use a newer one"]
            if "for locking" in told.first.text
            else []
        )
        yield told.finding(
            f"{provider or 'a provider'}: its package has none of the checksums in .terraform.lock.hcl", steps, hint
        )
