"""Many things exist that the state should know."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.collisions import collisions, unrelated
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World


@cause("already_exists", needs=("deployment",))
def state_lost_track(world: World) -> Iterator[Finding]:
    """Nearly everything that the run wants to make exists already: it is the state that is lost, not the objects.

    One object that exists already is a coincidence. Many of different kinds mean that the run looks at an empty or an old
    state: another workspace, another key of the backend, a backend that was left out, or an earlier run that was cut off
    before it saved what it made. Importing all of it by hand would be the wrong end.

    When it is wrong: a copy of the configuration was applied to an account where the names are taken.
    """
    told = collisions(world)
    if told is None or not unrelated(told):
        return
    steps = [
        terraform.look(told.tool, "state", "list", purpose="see whether the state is empty, or another's"),
        terraform.look(told.tool, "workspace", "show", purpose="see which workspace the run looks at"),
        terraform.look(
            told.tool,
            "state",
            "pull",
            purpose="read the lineage and the serial; compare them with the versions that the backend keeps",
        ),
        terraform.plan(
            told.tool, "once the right state is connected or restored, see that nothing is to be created again"
        ),
    ]
    kinds = len({found.failure.type for found in told.tellings})
    summary = (
        f"{len(told.addresses)} resources of {kinds} kinds exist already: the run looks at an empty, old or wrong state"
    )
    yield told.finding(summary, steps, ["importing them one by one would hide what happened to the state"])
