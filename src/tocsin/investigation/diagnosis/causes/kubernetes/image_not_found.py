"""An image that the registry does not have."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.registry import Pull, known_alike, pulls
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback, set_image
from tocsin.investigation.diagnosis.revisions import former_image
from tocsin.investigation.diagnosis.world import World


@cause("image", modes=("image.not_found",), needs=("Pod",))
def image_not_found(world: World) -> Iterator[Finding]:
    """The registry answers, but has no such image or tag.

    The name was mistyped, the tag was deleted or never pushed, or the deployment ran before the build was done. Many
    registries refuse access to what does not exist: a refusal of a public image, or of one whose name differs by a
    letter from one that was pulled before, is read so too.

    When it is wrong: some registries answer "not found" to those who may not see a private image.
    """
    for pull in pulls(world, "absent", "refused"):
        similar, cite = known_alike(world, pull)
        if pull.answer == "refused" and not similar and (not pull.image.public or _credentialed(pull)):
            continue
        image, name = pull.container.image, pull.saying.about.name
        said = "the registry has no" if pull.answer == "absent" else "the registry refuses"
        near = f"; {similar} was pulled before" if similar else ""
        yield Finding(
            pull.saying.controller,
            f"{name} cannot start: {said} {image}{near}",
            cites=_cites(pull, cite),
            remedies=[*_remedies(world, pull, similar), describe(pull.saying.about)],
        )


def _credentialed(pull: Pull) -> bool:
    return bool(pull.saying.pod and pull.saying.pod.get("spec/imagePullSecrets"))


def _cites(pull: Pull, similar: Citation | None) -> list[Citation]:
    weight = CONCLUSIVE if pull.answer == "absent" else STRONG
    return [pull.saying.weighing(weight), pull.container.cite("image", MODERATE), *([similar] if similar else [])]


def _remedies(world: World, pull: Pull, similar: str) -> Sequence[Command]:
    """Put the image back that the container had before, where that is stored, or one that is alike; else the revision."""
    controller, held = pull.saying.controller, pull.container
    former = former_image(world.inventory, controller, held.name, held.image) or similar
    return set_image(controller, held.name, held.image, former) if former else rollback(controller)
