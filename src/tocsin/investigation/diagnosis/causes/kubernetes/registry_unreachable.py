"""A registry that nodes cannot reach."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import unpulled
from tocsin.investigation.diagnosis.world import World

_UNREACHABLE = re.compile(
    r"no such host|dial tcp|i/o timeout|connection refused|TLS handshake|x509|server misbehaving", re.I
)


@cause("image", needs=("Pod",))
def registry_unreachable(world: World) -> Iterator[Finding]:
    """The node cannot reach the registry: its name does not resolve, or the way to it is closed.

    Nodes pull images with their own DNS and network, not with those of the pods.

    When it is wrong: the image names a registry by mistake; then the name is to be mended, not the network.
    """
    for saying in unpulled(world):
        if found := _UNREACHABLE.search(saying.text):
            host = re.search(r'image "([^/"]+)/', saying.text)
            yield Finding(
                saying.controller,
                f"{saying.about.name} cannot start: the registry {host[1] if host else ''} is out of reach ({found[0]})",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[*rollback(saying.controller), describe(saying.about)],
            )
