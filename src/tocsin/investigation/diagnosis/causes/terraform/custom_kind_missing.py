"""A manifest of a kind that the cluster does not know yet."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    prose=r"no matches for kind|CRD may not be installed|API did not recognize GroupVersionKind"
    r"|Failed to determine GroupVersionResource|server could not find the requested resource",
    unless=r"no configuration has been provided|://localhost",
)


@cause("dependency_ordering", needs=("deployment",))
def custom_kind_missing(world: World) -> Iterator[Finding]:
    """The cluster does not know the kind of a manifest: its definition is not installed, or not yet.

    A manifest is checked against the cluster at plan, so the definition must be there before the plan is made: a chart
    that brings it and a manifest that uses it can't be in one first run. The chart goes into a run before.

    When it is wrong: the kind or its group has a typing error, or that version of it was removed.
    """
    if told := failing(world, _SAID):
        kind, group = told.read(r'kind "(\w+)"'), told.read(r'(?:group|version) "([\w./-]+)"')
        steps = [
            terraform.look(
                "kubectl",
                "api-resources",
                *((f"--api-group={group.partition('/')[0]}",) if group and "." in group else ()),
                purpose=f"see which kinds{' of ' + group if group else ''} the cluster knows",
            )
        ]
        steps.append(terraform.plan(told.tool, "once its definition is installed by an earlier run, plan again"))
        yield told.finding(
            f"{told.who}: the cluster knows no kind {kind or 'of that name'}{' in ' + group if group else ''}", steps
        )
