"""A condition that somebody wrote down is not met."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Resource (?:pre|post)condition failed|Check block assertion failed|^Test (?:run )?assertion failed"
    r"|Invalid value for variable"
    r"|precondition failed|postcondition failed|checked by the validation rule",
)


@cause("validation", needs=("deployment",))
def condition_failed(world: World) -> Iterator[Finding]:
    """A check that the authors of the configuration wrote is not met.

    Preconditions and rules of variables speak before anything is changed; a postcondition speaks after, and what it
    complains of has been made already. The message is the authors' own, and says what they want.

    When it is wrong: the check is out of date, and what it forbids is right by now.
    """
    if told := failing(world, _SAID):
        value = told.read(r"((?:var|local|self|data)\.[\w.\[\]\"]+ is [^│]{1,60}?)(?= [A-Z]|$)")
        after = "postcondition" in told.first.text
        steps = [
            terraform.plan(
                told.tool,
                f"change {told.place or told.who} so that the check passes{f' ({value})' if value else ''}, or "
                f"correct the check",
            )
        ]
        hint = ["what the postcondition complains of was made already"] if after else []
        yield told.finding(f"{told.who}: {told.first.told(200)}", steps, hint)
