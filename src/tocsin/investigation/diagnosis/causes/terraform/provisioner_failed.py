"""A program that the configuration runs did not succeed."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.deployment import Failure
from tocsin.investigation.diagnosis.reading.terraform.provisioners import kept, left_behind
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

# A shell ends with 127 where it does not find the program: that is a cause of its own.
_SAID = signs(
    code=r"': exit status (?!127)\d|Process exited with status (?!127)\d|External Program Execution Failed"
    r"|file provisioner error\W+(?:scp|Upload failed)",
    status=r"(?:local|remote)-exec provisioner error|file provisioner error|Error running command '"
    r"|error executing \"/tmp/terraform_|Process exited with status",
    unless=r"signal: (?:killed|terminated|interrupt)",
)
_PRINTED = (r"\. Output: (.+)", r"Error Message: (.+?)(?= State: |$)", r"((?:scp|Upload failed): .+)")
_MOST = 5
_SHOWN = 160
_MEANT = {"126": "exit status 126 says that the program is there and may not be executed, as for want of chmod +x"}


@cause("configuration_error", needs=("deployment",))
def provisioner_failed(world: World) -> Iterator[Finding]:
    """A command that the configuration runs while it makes a resource ended with an error.

    The resource itself was made. It is marked as tainted, and the next apply destroys it and makes it anew, with
    everything that hangs on it. What the command printed is all that is known.

    When it is wrong: the command is right, and what it calls was away for a moment.
    """
    if told := failing(world, _SAID):
        what = "; ".join(_ended(told, one.failure) for one in told.tellings[:_MOST])
        more = len(told.tellings) - _MOST
        steps = [terraform.plan(told.tool, "mend the command, then see what is to be made anew"), *kept(told)]
        yield told.finding(f"{what}{f'; and {more} more' if more > 0 else ''}", steps, list(_hints(told)))


def _ended(told: Failing, failure: Failure) -> str:
    """Say how one program ended, with what it printed last."""
    code = failure.read(r"exit(?:ed with)? status:? (\d+)")
    printed = next(filter(None, map(failure.read, _PRINTED)), "")
    printed = printed[-_SHOWN:] or told.deployment.said_by_provisioner(failure.address)[:_SHOWN]
    what = "its provisioner" if failure.provisioner else "the program that it runs"
    return (
        f"{failure.subject.name}: {what} ended with {f'exit status {code}' if code else 'an error'}"
        f"{': ' + printed if printed else ''}"
    )


def _hints(told: Failing) -> Iterator[str]:
    yield from left_behind(told)
    if told.read(r"(file provisioner error .*[Pp]ermission denied)"):
        yield "the login may not write there: let it copy to a folder of its own, and move the file in a remote-exec"
    yield from (_MEANT[code] for code in told.all(r"exit(?:ed with)? status:? (\d+)") if code in _MEANT)
