"""The state can't be read."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Unsupported state file format|state file (?:could not be|cannot be) (?:parsed|read|decoded)"
    r"|(?:decoding|parsing|reading) (?:the )?state[\w ]*:.*(?:invalid character|unexpected end)"
    r"|state file is (?:empty|corrupt)",
    unless=r"is newer",
)


@cause("state_backend", needs=("deployment",))
def state_damaged(world: World) -> Iterator[Finding]:
    """The stored state is no valid JSON: it was cut off, edited by hand or overwritten by something else.

    A disk that is full, a run that was killed while writing or a merge conflict in a state kept in git do that. A backup
    or an older version of the backend's object is brought back; what was made since is adopted by import.

    When it is wrong: the file is good and encrypted, or packed.
    """
    if told := failing(world, _SAID):
        steps = [
            terraform.look(
                "ls",
                "-l",
                "terraform.tfstate",
                "terraform.tfstate.backup",
                purpose="see whether the backup beside it is whole; else take an older version from the backend",
            ),
            terraform.plan(told.tool, "after it was brought back, see what exists and the state does not know"),
        ]
        yield told.finding("the stored state can't be read: it is damaged", steps)
