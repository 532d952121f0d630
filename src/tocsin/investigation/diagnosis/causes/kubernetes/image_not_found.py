"""An image that the registry does not have."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import unpulled
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
            images = (
                [c.image for c in saying.pod.containers if c.image and c.image in saying.text] if saying.pod else []
            )
            image = images[0] if images else "its image"
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start: the registry has no {image}",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[*rollback(saying.controller), describe(saying.about)],
            )
