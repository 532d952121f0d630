"""An image that the registry does not hand out to this cluster."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import unpulled
from tocsin.investigation.diagnosis.world import World

_REFUSED = re.compile(
    r"unauthorized|authorization failed|authentication required|access denied|40[13] |no basic auth", re.I
)
_SECRET = re.compile(r"pull secret", re.I)


@cause("image", needs=("Pod",))
def image_unauthorized(world: World) -> Iterator[Finding]:
    """The registry refuses to hand out the image: no credentials, or not the right ones.

    A private image needs an image pull secret in the pod's namespace, named by the pod or its service account.

    When it is wrong: some registries refuse access to images that do not exist; check the name first.
    """
    for saying in unpulled(world):
        if saying.pod and (_REFUSED.search(saying.text) or _SECRET.search(saying.text)):
            secrets = [part.text("name") for part in saying.pod.parts("spec/imagePullSecrets")]
            using = f"with the pull secret {', '.join(secrets)}" if secrets else "without a pull secret"
            yield Finding(
                saying.controller,
                f"{saying.about.name} may not pull its image, {using}",
                cites=[
                    saying.weighing(STRONG if secrets else MODERATE),
                    saying.pod.cite("spec/imagePullSecrets", WEAK),
                ],
                remedies=[describe(saying.about)],
            )
