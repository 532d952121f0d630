"""An image that runs as root where it must not."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import unstarted
from tocsin.investigation.diagnosis.world import World

_ROOT = re.compile(
    r"runAsNonRoot and image (?:will run as root|has non-numeric user \((?P<user>[^)]*)\))|breaks non-root policy"
)


@cause("configuration", modes=("config.runasnonroot",), needs=("Pod",))
def run_as_non_root_violated(world: World) -> Iterator[Finding]:
    """A container is not started because it must not run as root (runAsNonRoot), and its image would.

    The kubelet reads the user from the image; a name instead of a number does not tell it whether that is root. A
    numeric runAsUser in the specification, or a numeric USER in the image, mends it.

    When it is wrong: hardly ever; the kubelet itself refuses.
    """
    for saying in unstarted(world):
        if not (found := _ROOT.search(saying.text)) or not saying.pod:
            continue
        why = f"its image names the user “{found['user']}”, not a number" if found["user"] else "it would run as root"
        shown = "jsonpath={.spec.securityContext} {.spec.containers[*].securityContext}"
        yield Finding(
            saying.controller,
            f"{saying.about.name} is not started: it must not run as root, and {why}",
            cites=[saying.weighing(CONCLUSIVE), *_demanded(saying.pod)],
            remedies=[
                look(
                    "get", "pod", saying.about.name, "-o", shown, of=saying.about, purpose="see which user is asked for"
                ),
                *rollback(saying.controller),
            ],
        )


def _demanded(pod: Pod) -> list[Citation]:
    if pod.get("spec/securityContext/runAsNonRoot"):
        return [pod.cite("spec/securityContext/runAsNonRoot", STRONG)]
    asked = [held for held in pod.containers if held.spec.get("securityContext/runAsNonRoot")]
    return [held.cite("securityContext/runAsNonRoot", STRONG) for held in asked[:1]]
