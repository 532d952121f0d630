"""Each waits for the other."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(code=r"\bCycle: |Self-referential block|circular (?:reference|dependency)")


@cause("dependency_ordering", needs=("deployment",))
def cycle(world: World) -> Iterator[Finding]:
    """Resources refer to each other in a ring, so that none can be made first.

    Rules that name each other's groups are the classical case: they are cut apart into resources of their own. A ring with
    "(destroy)" in it comes of create_before_destroy: whoever has it needs everything that it depends on to have it too.

    When it is wrong: the ring runs through an object that is left in the state only; then the state is to be mended.
    """
    if told := failing(world, _SAID):
        ring = told.read(r"Cycle: (.+?)(?:$| {2}|\. )")
        hint = (
            ["give create_before_destroy to every member that the others depend on, or to none"]
            if "(destroy)" in ring
            else []
        )
        steps = [
            terraform.look(
                told.tool,
                "graph",
                "-draw-cycles",
                "-type=plan",
                purpose="see the ring; cut it where a reference is not needed, or by a resource of its own",
            ),
            terraform.look(told.tool, "validate", purpose="see whether the ring is gone"),
        ]
        yield told.finding(f"resources wait for each other in a ring: {ring[:160] or told.who}", steps, hint)
