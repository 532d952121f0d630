"""An image that the registry does not have."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.pods.registry import Doubt, Pull, doubt, pulls
from tocsin.investigation.diagnosis.reading.workloads.revisions import former_image
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback, set_image
from tocsin.investigation.diagnosis.world import World


@cause("image", modes=("image.not_found",), needs=("Pod",))
def image_not_found(world: World) -> Iterator[Finding]:
    """The registry answers, but has no such image or tag.

    The name was mistyped, the tag was deleted or never pushed, or the deployment ran before the build was done. Many
    registries refuse access to what does not exist. So a refusal means this too where no credentials are needed, or
    where the name differs by a letter or two from one that was pulled before.

    When it is wrong: some registries answer "not found" to those who may not see a private image.
    """
    for pull in pulls(world, "absent", "refused"):
        doubted = doubt(world, pull)
        if pull.answer == "refused" and not doubted:
            continue
        said = "the registry has no" if pull.answer == "absent" else "the registry refuses"
        why = f"; {doubted.why}" if doubted and (doubted.meant or pull.answer == "refused") else ""
        yield Finding(
            pull.saying.controller,
            f"{pull.saying.about.name} cannot start: {said} {pull.container.image}{why}",
            cites=_cites(pull, doubted),
            remedies=[*_remedies(world, pull, doubted.meant if doubted else ""), describe(pull.saying.about)],
        )


def _cites(pull: Pull, doubted: Doubt | None) -> list[Citation]:
    weight = CONCLUSIVE if pull.answer == "absent" else STRONG if doubted and doubted.meant else MODERATE
    sure = pull.answer == "absent" or bool(doubted and doubted.meant)
    near = [replace(doubted.cite, weight=MODERATE if sure else WEAK)] if doubted and doubted.cite else []
    return [pull.saying.weighing(weight), pull.container.cite("image", MODERATE if sure else WEAK), *near]


def _remedies(world: World, pull: Pull, meant: str) -> Sequence[Command]:
    """Put the image back that the container had before, where that is stored, or the one that was meant; else the revision."""
    controller, held = pull.saying.controller, pull.container
    former = former_image(world.inventory, controller, held.name, held.image) or meant
    return set_image(controller, held.name, held.image, former) if former else rollback(controller)
