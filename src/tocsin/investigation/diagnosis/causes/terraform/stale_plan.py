"""A plan was made for a world that has gone on."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(code=r"Saved plan is stale|plan file can no longer be applied|Saved plan does not match")


@cause("state_drift", needs=("deployment",))
def stale_plan(world: World) -> Iterator[Finding]:
    """The saved plan was made before the state was changed by another run, and is not valid any more.

    Between plan and apply somebody else applied, or a retry of the pipeline applies a plan that was applied already. A
    new plan shows what is left to do; it has to be read anew, since it may want other things.

    When it is wrong: the plan belongs to another workspace or another state.
    """
    if told := failing(world, _SAID):
        steps = [
            terraform.plan(told.tool, "make a new plan, and read it", "-out=tfplan"),
            terraform.again(told.tool, "apply the new plan", "tfplan"),
        ]
        yield told.finding(
            f"{told.who}: the state was changed after this plan was made",
            steps,
            ["two runs of one state follow each other without knowing it: let a queue keep them apart"],
        )
