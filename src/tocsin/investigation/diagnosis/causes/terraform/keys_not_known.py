"""How many there will be is known only when it is too late."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Invalid (?:for_each|count) argument.*cannot be determined until apply|(?:for_each"
    r"|count)\"? (?:value|set|map)[\w ]* (?:depends on|includes"
    r"|derived from)[\w ]*(?:resource attributes|derived)",
    prose=r"Invalid for_each argument.*known only after apply|cannot be determined until apply",
)


@cause("dependency_ordering", needs=("deployment",))
def keys_not_known(world: World) -> Iterator[Finding]:
    """The keys of a for_each, or a count, depend on something that is made in the same run.

    The tool has to know at plan how many instances there will be and what they are called; ids and ARNs come later. Keys
    that are written down, with the unknown things as values only, mend it for good. Data sources that depend_on what is
    still to be made are read at apply, and so not known either.

    When it is wrong: the value was known until a resource was to be replaced, and is known again afterwards.
    """
    if told := failing(world, _SAID):
        values = told.shown(
            r"((?:module|data|var|local|[a-z]\w+_\w+)\.[\w.\[\]\"-]+) is [\w ]+, known only after apply"
        )
        first = values[0].partition(".")[0] if values else ""
        change = (
            f"use static keys, for example a map whose keys are written "
            f"down{' in place of ' + values[0] if values else ''}"
        )
        if told.first.fetched:
            change += "; the module that does this was fetched: a newer version of it may take static keys already"
        steps = [terraform.plan(told.tool, change)]
        if first and "_" in first:
            name = ".".join(values[0].split(".")[:2])
            steps.append(terraform.again(told.tool, "or, for once, make first what it depends on", f"-target={name}"))
        hint = [
            (
                "the tool advises -target: that helps for once, and the next new environment fails again; static keys "
                "help for good"
            )
        ]
        yield told.finding(f"{told.who}: how many there will be depends on what is made in the same run", steps, hint)
