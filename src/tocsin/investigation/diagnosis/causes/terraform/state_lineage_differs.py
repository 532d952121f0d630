"""Two states that are not of one family."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"lineage (?:provided|of the|does not match|\"[\w-]+\")|unrelated state|cannot (?:import"
    r"|overwrite) (?:state with|existing state)|serial \d+ .*(?:older|newer|greater)"
    r"|state (?:with )?serial|serial mismatch",
    prose=r"\blineage\b",
)


_FORCED = "`state push -force` overwrites the other state: only when it is certain that nothing in it is needed"
_REFUSED = (
    "a plain push of errored.tfstate is refused for the same reason: first bring back the state that belongs here, from "
    "a copy or an older version; where errored.tfstate is that state's successor, -force is what writes it"
)


@cause("state_backend", needs=("deployment",))
def state_lineage_differs(world: World) -> Iterator[Finding]:
    """The state that is to be written does not descend from the one that the backend holds.

    Every state has a lineage that it keeps for life and a serial that grows. A migration that began with an empty state,
    a copied workspace or a restored backup has another lineage, and the backend refuses it, so that nothing is lost.

    When it is wrong: the backend is set to another workspace than people think.
    """
    if told := failing(world, _SAID):
        steps = [
            terraform.look(
                told.tool, "state", "pull", purpose="read lineage and serial of what the backend holds; keep a copy"
            ),
            terraform.look(told.tool, "workspace", "show", purpose="see which workspace the run writes to"),
        ]
        hint = [_FORCED, *([_REFUSED] if told.deployment.run.state_not_saved else [])]
        yield told.finding("the state to be written is of another lineage than the one in the backend", steps, hint)
