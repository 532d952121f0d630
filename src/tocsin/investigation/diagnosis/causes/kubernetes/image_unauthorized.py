"""An image that the registry does not hand out with the credentials that it was shown."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.reading.pods.registry import Doubt, Pull, doubt, mirror, pulls
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World


@cause("image", modes=("image.unauthorized",), needs=("Pod",))
def image_unauthorized(world: World) -> Iterator[Finding]:
    """The registry refuses to hand out the image to the credentials that it was shown.

    A private image needs an image pull secret in the pod's namespace, named by the pod or its service account. The
    one there is may have expired, be for another registry, or belong to an account that may not read this repository.

    When it is wrong: some registries refuse access to images that do not exist; check the name first.
    """
    for pull in pulls(world, "refused"):
        pod = pull.saying.pod
        secrets = [part.text("name") for part in pod.parts("spec/imagePullSecrets")] if pod else []
        if not pod or (pull.image.public and not secrets):
            continue
        doubted = doubt(world, pull)
        using = f"with the pull secret {', '.join(secrets)}" if secrets else "without a pull secret"
        kind = ("get", "secret", secrets[0], "-o", "jsonpath={.type}") if secrets else ("get", "secrets")
        yield Finding(
            pull.saying.controller,
            f"{pull.saying.about.name} may not pull {pull.container.image}, {using}",
            cites=[
                pull.saying.weighing(_weight(pull, doubted, bool(secrets))),
                pod.cite("spec/imagePullSecrets", WEAK),
            ],
            remedies=[
                look(*kind, of=pod.subject, purpose="see whether the secret is of type kubernetes.io/dockerconfigjson"),
                describe(pull.saying.about),
            ],
        )


def _weight(pull: Pull, doubted: Doubt | None, shown: bool) -> float:
    """Weigh a refusal: less where a mirror gave it, or where the name is mistyped; most where a secret was shown."""
    if mirror(pull.saying.text) or (doubted and doubted.meant):
        return WEAK
    return STRONG if shown else MODERATE
