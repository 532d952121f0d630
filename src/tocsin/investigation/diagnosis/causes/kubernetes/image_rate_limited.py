"""A registry that hands out no more images for now."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import unpulled
from tocsin.investigation.diagnosis.world import World

_LIMITED = re.compile(r"toomanyrequests|rate limit|429 too many requests", re.I)


@cause("image", needs=("Pod",))
def image_rate_limited(world: World) -> Iterator[Finding]:
    """The registry limits how many images this cluster may pull, and the limit is reached.

    Limits count by address or account; a rollout over many nodes, or a pod that is pulled anew at each restart, uses
    them up. Pulling with an account or through a cache of one's own raises them.

    When it is wrong: hardly ever; the registry itself says so.
    """
    for saying in unpulled(world):
        if _LIMITED.search(saying.text):
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start: the registry's pull limit is reached",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[describe(saying.about)],
            )
