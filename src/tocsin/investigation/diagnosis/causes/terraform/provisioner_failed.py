"""A program that the configuration runs did not succeed."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.telling import failing, signs
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    status=r"(?:local|remote)-exec provisioner error|file provisioner error|Error running command '"
    r"|error executing \"/tmp/terraform_|Process exited with status",
    unless=r"signal: (?:killed|terminated|interrupt)",
)


@cause("configuration_error", needs=("deployment",))
def provisioner_failed(world: World) -> Iterator[Finding]:
    """A command that the configuration runs while it makes a resource ended with an error.

    The resource itself was made. It is marked as tainted, and the next apply destroys it and makes it anew, with
    everything that hangs on it. What the command printed is all that is known.

    When it is wrong: the command is right, and what it calls was away for a moment.
    """
    if told := failing(world, _SAID):
        code = told.read(r"exit(?:ed with)? status (\d+)") or told.read(r"exit status:? (\d+)")
        printed = told.read(r"Output: (.{1,160})")
        steps = [terraform.plan(told.tool, "mend the command, then see what is to be made anew")]
        if told.address:
            steps.append(
                Command(
                    (told.tool, "untaint", told.address),
                    f"keep {told.address} as it is, where the command was not essential or was run by hand since",
                    "reversible",
                    before="the resource is whole without the command",
                    undo=Undo((told.tool, "taint", told.address)),
                    verify=Verify((told.tool, "plan"), f"{told.address} is not to be replaced"),
                )
            )
        what = f"exit status {code}" if code else "an error"
        yield told.finding(
            f"{told.who}: its provisioner ended with {what}{': ' + printed if printed else ''}",
            steps,
            ["the resource is tainted: the next apply destroys it and makes it anew"],
        )
