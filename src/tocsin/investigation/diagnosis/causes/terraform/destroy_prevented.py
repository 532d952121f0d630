"""It is protected against being destroyed."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Instance cannot be destroyed|lifecycle\.prevent_destroy|deletion[ _-]?protection"
    r"|termination[ _-]?protection|DeletionProtection|disableApiTermination"
    r"|prevent_deletion_if_contains_resources|force_destroy",
)


@cause("configuration_error", needs=("deployment",))
def destroy_prevented(world: World) -> Iterator[Finding]:
    """The plan wants to destroy something that was protected against it, by the configuration or by the service.

    Mostly nobody wants to destroy it: an argument was changed that can't be changed in place, a key of a for_each was
    renamed, or a block was removed. The protection did what it is for. See first why it is to be destroyed.

    When it is wrong: it really is to go; then the protection is taken away in a run of its own before.
    """
    if told := failing(world, _SAID):
        address = told.read(r"Resource (\S+) has lifecycle") or told.address
        guard = told.read(
            r"\b(deletion_protection|prevent_destroy|force_destroy"
            r"|prevent_deletion_if_contains_resources)\b"
        )
        reason = "a changed argument that forces a new one, a renamed key, a removed block"
        steps = [terraform.plan(told.tool, f"see why {address or 'it'} is to be destroyed: {reason}")]
        if guard:
            wanted = "true" if guard == "force_destroy" else "false"
            purpose = (
                f"where it really is to go: set {guard} = {wanted} in {address or 'it'}, apply that alone, then destroy"
            )
            steps.append(terraform.again(told.tool, purpose, before="whoever owns what is stored in it agrees"))
        hint = ["renamed, not unwanted? a moved block, or `state mv`, keeps it"]
        yield told.finding(f"{address or told.who}: the run wants to destroy it, and it is protected", steps, hint)
