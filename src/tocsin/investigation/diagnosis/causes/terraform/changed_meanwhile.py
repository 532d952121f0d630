"""Somebody else wrote the same object."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"the object has been modified; please apply your changes|ConditionNotMet|\bPreconditionFailed\b"
    r"|412 Precondition Failed|CannotUpdateEtag|ETag[\w ]* (?:mismatch|does not match)",
    unless=r"constraints/|state lock|locking state|\.tflock",
    status=r"(?<![\w.:/-])412(?![\w./-])",
    prose=r"changed by (?:someone|somebody|another)|version[- _]mismatch|modified (?:by|since)"
    r"|Operation cannot be fulfilled on|ConcurrentModification\w*|conflict with \"[^\"]+\" using"
    r"|field manager conflict",
)


@cause("state_drift", needs=("deployment",))
def changed_meanwhile(world: World) -> Iterator[Finding]:
    """Somebody, or some controller, changed the object while the run was about to.

    The service compares the version that was read with the one that it holds, and refuses to overwrite what it does not
    know. A field that a controller owns will be in conflict at every run.

    When it is wrong: two parts of this configuration write the same object.
    """
    if told := failing(world, _SAID):
        manager = told.read(r'conflict with "([^"]+)"')
        steps = [
            terraform.plan(told.tool, "read the object anew, and see what still differs"),
            terraform.again(told.tool, "write it again"),
        ]
        yield told.finding(f"{told.who}: it was changed by {manager or 'somebody else'} in the meantime", steps)
