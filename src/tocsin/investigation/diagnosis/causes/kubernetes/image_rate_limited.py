"""A registry that hands out no more images for now."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.reading.pods.registry import pulls
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World


@cause("image", modes=("image.rate_limit",), needs=("Pod",))
def image_rate_limited(world: World) -> Iterator[Finding]:
    """The registry limits how many images this cluster may pull, and the limit is reached.

    Limits count by address or account; a rollout over many nodes, or a pod that is pulled anew at each restart, uses
    them up. Pulling with an account or through a cache of one's own raises them.

    When it is wrong: hardly ever; the registry itself says so.
    """
    for pull in pulls(world, "limited"):
        yield Finding(
            pull.saying.controller,
            f"{pull.saying.about.name} cannot start: the pull limit of {pull.image.host} is reached",
            cites=[pull.saying.weighing(CONCLUSIVE)],
            remedies=[describe(pull.saying.about)],
        )
