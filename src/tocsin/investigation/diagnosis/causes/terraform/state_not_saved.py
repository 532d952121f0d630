"""What was done is not written down."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    prose=r"Failed to (?:save|persist|upload) (?:the )?state|Error saving state|failed to write state"
    r"|errored\.tfstate",
    unless=r"Failed to write plan file|lineage",
)


@cause("state_backend", needs=("deployment",))
def state_not_saved(world: World) -> Iterator[Finding]:
    """The run changed things, and the state that says so could not be written to the backend.

    The tool leaves it in errored.tfstate, in the folder where it ran. As long as it is not pushed, the backend holds the
    state of before: a further apply would make everything a second time. In a pipeline the file goes with the job.

    When it is wrong: the backend wrote it after all, and only the answer was lost.
    """
    if told := failing(world, _SAID):
        steps = [] if told.deployment.run.state_not_saved else terraform.keep_state(told.tool)
        yield told.finding("the state could not be written: what was made is known to errored.tfstate alone", steps)
