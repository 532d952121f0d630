"""The state was written by a newer tool."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"state snapshot was created by (?:Terraform|OpenTofu)"
    r"|created by Terraform v[\d.]+, which is newer|managed by newer provider version"
    r"|state (?:file )?(?:version|format) \d+ .*(?:newer|not supported)"
    r"|Unsupported state file format.*newer",
)


@cause("version_constraint", needs=("deployment",))
def state_from_newer_version(world: World) -> Iterator[Finding]:
    """A newer version of the tool, or of a provider, has written the state, and this one can't read it.

    The first run of a newer version upgrades the state for everybody. There is no way back but a kept older version of
    the state; all who work on it use the newer version from then on.

    When it is wrong: the state belongs to another tool, Terraform's to OpenTofu or the other way.
    """
    if told := failing(world, _SAID):
        version = told.read(r"created by (?:Terraform|OpenTofu) v?([\d.]+\d)")
        steps = [
            terraform.look(
                told.tool, "version", purpose=f"see which version runs here; the state needs {version or 'a newer one'}"
            ),
            terraform.plan(
                told.tool, f"run {told.tool} {version or 'in the newer version'} or later, here and in all pipelines"
            ),
        ]
        yield told.finding(
            f"the state was written by a newer version{' (' + version + ')' if version else ''} than runs here", steps
        )
