"""An image that the registry does not have."""

import re
from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.changes import former_image
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback, set_image
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.signals import Saying, unpulled
from tocsin.investigation.diagnosis.world import World

_ABSENT = re.compile(r"not found|manifest unknown|name unknown|InvalidImageName|invalid reference format", re.I)
_OTHERWISE = re.compile(r"no such host|authoriz|denied|toomanyrequests|429|dial tcp|TLS|x509", re.I)


@cause("image", needs=("Pod",))
def image_not_found(world: World) -> Iterator[Finding]:
    """The registry answers, but has no such image or tag.

    The name was mistyped, the tag was deleted or never pushed, or the deployment ran before the build was done.

    When it is wrong: some registries answer "not found" to those who may not see a private image.
    """
    for saying in unpulled(world):
        if _ABSENT.search(saying.text) and not _OTHERWISE.search(saying.text):
            asked = [
                held
                for held in (saying.pod.containers if saying.pod else ())
                if held.image and held.image in saying.text
            ]
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start: the registry has no {asked[0].image if asked else 'such image'}",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[*_remedies(world, saying, asked), describe(saying.about)],
            )


def _remedies(world: World, saying: Saying, asked: Sequence[Container]) -> Sequence[Command]:
    """Put the image back that the container had before, where that is stored; else the whole revision."""
    for held in asked:
        if former := former_image(world.inventory, saying.controller, held.name, held.image):
            return set_image(saying.controller, held.name, held.image, former)
    return rollback(saying.controller)
