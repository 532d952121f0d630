"""A program is not where the run looks."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"executable file not found|command not found|exec: \"[^\"]+\": |fork/exec \S+: no such file|exit status 127"
)


@cause("configuration_error", needs=("deployment",))
def program_missing(world: World) -> Iterator[Finding]:
    """A program that a provider, a module source or a provisioner calls is not installed where the run runs.

    On a person's machine it is there, in the image of the pipeline it is not: git, a login tool of a cloud, a shell.

    When it is wrong: it is there, and not in PATH of this job.
    """
    if told := failing(world, _SAID):
        program = (
            told.read(r'exec: "([\w./-]+)"')
            or told.read(r"([\w./-]+): (?:command )?not found")
            or told.read(r"fork/exec (\S+):")
        )
        steps = (
            [terraform.look("which", program, purpose=f"see whether {program} is there where the run runs")]
            if program
            else []
        )
        steps.append(terraform.plan(told.tool, "try again, once it is installed in the image of the pipeline"))
        yield told.finding(f"{told.who}: the program {program or 'it calls'} is not there where the run runs", steps)
