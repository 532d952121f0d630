"""A registry that nodes cannot reach."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.reading.pods.registry import Pull, pulls
from tocsin.investigation.diagnosis.reading.workloads.revisions import former_image
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback, set_image
from tocsin.investigation.diagnosis.world import World

_WHY = re.compile(
    r"no such host|i/o timeout|connection refused|TLS handshake timeout|x509: [\w ]+|server misbehaving"
    r"|no route to host|network is unreachable|context deadline exceeded|request canceled|50[0234] [A-Z][\w ]+"
    r"|server gave HTTP response to HTTPS client|first record does not look like a TLS",
    re.I,
)


@cause("image", modes=("image.registry_unreachable",), needs=("Pod",))
def registry_unreachable(world: World) -> Iterator[Finding]:
    """The node cannot reach the registry: its name does not resolve, or the way to it is closed.

    Nodes pull images with their own DNS and network, not with those of the pods.

    When it is wrong: the image names a registry by mistake; then the name is to be mended, not the network.
    """
    for pull in pulls(world, "unreachable"):
        whys = _WHY.findall(pull.saying.text)
        why = f" ({whys[-1].strip()})" if whys else ""
        yield Finding(
            pull.saying.controller,
            f"{pull.saying.about.name} cannot start: the registry {pull.image.host} is out of reach{why}",
            cites=[pull.saying.weighing(CONCLUSIVE)],
            remedies=[*_remedies(world, pull), describe(pull.saying.about)],
        )


def _remedies(world: World, pull: Pull) -> tuple[Command, ...]:
    """Put the former image back, where that is stored; else the revision before."""
    controller, held = pull.saying.controller, pull.container
    former = former_image(world.inventory, controller, held.name, held.image)
    return set_image(controller, held.name, held.image, former) if former else rollback(controller)
