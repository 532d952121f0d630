"""A value that somebody has to hand in."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Mismatch between input and plan variable|No value for required variable|Variable not provided via"
    r"|Invalid value for input variable"
    r"|Unsuitable value for var\."
    r"|variable \"?\w+\"? is not set|Failed to read variables file"
    r"|Given variables file .* does not exist"
)


@cause("configuration_error", needs=("deployment",))
def input_variable_missing(world: World) -> Iterator[Finding]:
    """A variable of the root module has no value, or one of the wrong type.

    It has no default, and neither -var, nor a file of variables, nor TF_VAR_… gives it one. In a pipeline a file that is
    not checked in, or a secret that is not handed to this job, is the usual reason. Nothing was touched.

    When it is wrong: the value is set in another workspace or folder.
    """
    if told := failing(world, _SAID):
        names = told.all(r'variable "(\w+)"') or told.all(r"var\.(\w+)")
        steps = [
            terraform.plan(
                told.tool,
                f"hand in {', '.join(names) or 'the value'}: by TF_VAR_{names[0] if names else 'NAME'}, -var or "
                f"-var-file",
            )
        ]
        yield told.finding(f"no fitting value for the variable {', '.join(names) or told.who}", steps)
