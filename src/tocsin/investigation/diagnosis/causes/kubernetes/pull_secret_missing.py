"""A pull secret that a pod names and that does not exist, or a private image pulled without one."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.pods.registry import KINDS, Pull, doubt, pulls
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World, cite_event

_UNKNOWN = re.compile(r"image pull secrets? \((?P<names>[^)]+)\)|pull secret .*not found", re.I)
_ANONYMOUS = re.compile(r"anonymous token|no basic auth credentials", re.I)


@cause("image", needs=("Pod",))
def pull_secret_missing(world: World) -> Iterator[Finding]:
    """A private image is pulled without credentials: the pull secret that the pod names does not exist, or it names none.

    Pull secrets are looked for in the pod's own namespace only. One that does not exist is no error to Kubernetes: the
    image is asked for without credentials, and the registry refuses it.

    When it is wrong: the image is public, and something else keeps it from being pulled.
    """
    answered = {pull.saying.about for pull in pulls(world, *KINDS)}
    for pull in pulls(world, "refused", ""):
        pod = pull.saying.pod
        if not pod or pull.image.public or doubt(world, pull) or (not pull.answer and pod.subject in answered):
            continue
        what, lacking = _lacking(world, pod, pull)
        if lacking:
            yield Finding(
                pull.saying.controller,
                f"{pod.name} may not pull {pull.container.image}: {what}",
                cites=[pull.saying.weighing(STRONG), *lacking],
                remedies=_looks(pod),
            )


def _lacking(world: World, pod: Pod, pull: Pull) -> tuple[str, list[Citation]]:
    """Say which secret is not there, and cite what shows it; nothing where credentials may have been sent."""
    names = [part.text("name") for part in pod.parts("spec/imagePullSecrets")]
    told = _told(world, pod)
    absent = [name for name in names if _absent(world, pod, name, told)]
    if absent:
        what = f"the pull secret {', '.join(absent)} does not exist in {pod.namespace}"
        return what, [*told, pod.cite("spec/imagePullSecrets", STRONG)]
    if not _ANONYMOUS.search(pull.saying.text) or _from_account(world, pod):
        return "", []
    named = f"the pull secret {', '.join(names)} is not there, or not for {pull.image.host}"
    what = f"it was asked for without credentials; {named if names else 'no pull secret is named'}"
    return what, [pod.cite("spec/imagePullSecrets", STRONG if names else MODERATE)]


def _told(world: World, pod: Pod) -> list[Citation]:
    """Cite the kubelet's word that it could not read a secret."""
    events = world.events("FailedToRetrieveImagePullSecret", about=pod.subject)
    return [cite_event(event, CONCLUSIVE) for event in events if _UNKNOWN.search(event.message)][:1]


def _absent(world: World, pod: Pod, name: str, told: list[Citation]) -> bool:
    if any(re.search(rf"[(\s\"]{re.escape(name)}[),\s\"]", str(cite.value)) for cite in told):
        return True
    return "Secret" in world.inventory.kinds and world.get("Secret", pod.namespace, name) is None


def _from_account(world: World, pod: Pod) -> bool:
    account = world.inventory.get(Subject("ServiceAccount", pod.namespace, pod.text("spec/serviceAccountName")))
    return bool(account and account.get("imagePullSecrets"))


def _looks(pod: Pod) -> list[Command]:
    typed = "--field-selector=type=kubernetes.io/dockerconfigjson"
    account = pod.text("spec/serviceAccountName") or "default"
    return [
        look("get", "secrets", typed, of=pod.subject, purpose="see which pull secrets there are in the namespace"),
        look("get", "serviceaccount", account, "-o", "yaml", of=pod.subject, purpose=f"see which ones {account} names"),
    ]
