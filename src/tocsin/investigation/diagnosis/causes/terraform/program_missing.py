"""A program is not where the run looks."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.provisioners import kept, left_behind
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"executable file not found|command not found|exec: \"[^\"]+\": |fork/exec \S+: no such file|exit status 127"
)
_NAMED = (
    r'exec: "([\w./-]+)"',
    r"([\w./-]+): (?:command )?not found",
    r"fork/exec (\S+):",
)


@cause("configuration_error", needs=("deployment",))
def program_missing(world: World) -> Iterator[Finding]:
    """A program that a provider, a module source or a provisioner calls is not installed where the run runs.

    On a person's machine it is there, in the image of the pipeline it is not: git, a login tool of a cloud, a shell.

    When it is wrong: it is there, and not in PATH of this job.
    """
    if told := failing(world, _SAID):
        programs = list(dict.fromkeys(name for pattern in _NAMED for name in told.all(pattern)))
        steps = [
            terraform.look("which", program, purpose=f"see whether {program} is there where the run runs")
            for program in programs
        ]
        installed = "try again, once it is installed in the image of the pipeline"
        steps += [terraform.plan(told.tool, installed), *kept(told)]
        missing = f"{', '.join(programs) or 'that it calls'} {'are' if len(programs) > 1 else 'is'}"
        summary = f"{told.who}: the program{'s' if len(programs) > 1 else ''} {missing} not there where the run runs"
        yield told.finding(summary, steps, list(left_behind(told)))
