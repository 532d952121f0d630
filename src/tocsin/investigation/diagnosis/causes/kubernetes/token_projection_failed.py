"""A pod that does not get its service account's token."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World, cite_event

_FAILED = re.compile(
    r"kube-api-access.*?(?:(?P<token>failed to fetch token)|configmap \"(?P<authority>kube-root-ca\.crt)\" not found)",
    re.S,
)
_AUTHORITY = "kube-root-ca.crt"


@cause("configuration", modes=("config.projected_token",), needs=("Pod", "events"))
def token_projection_failed(world: World) -> Iterator[Finding]:
    """A pod does not start because the token, or the certificate authority, for its service account cannot be mounted.

    Every pod gets a volume with a token for its service account and the cluster's certificate authority. It fails
    when the account was deleted, or when nothing puts the ConfigMap kube-root-ca.crt into the namespace any more.

    When it is wrong: the API server was away for a moment; the kubelet tries again.
    """
    for pod in world.pods:
        if pod.ready:
            continue
        for event in world.events("FailedMount", about=pod.subject):
            if not (found := _FAILED.search(event.message)):
                continue
            account = pod.text("spec/serviceAccountName") or "default"
            absent = _absent(world, pod, account, bool(found["token"]))
            what = (
                f"no token for service account {account}" if found["token"] else f"ConfigMap {_AUTHORITY} is not there"
            )
            yield Finding(
                world.controller(pod),
                f"{pod.name} cannot start: {what}" + (f", and the account is not in {pod.namespace}" if absent else ""),
                cites=[cite_event(event, CONCLUSIVE), *absent],
                remedies=[
                    look("get", "serviceaccount", account, of=pod.subject, purpose="see whether the account is there"),
                    look("get", "configmap", _AUTHORITY, of=pod.subject, purpose="see whether the authority is there"),
                ],
            )
            break


def _absent(world: World, pod: Pod, account: str, of_token: bool) -> list[Citation]:
    """Cite the account's name where accounts were read and it is not among them."""
    if not of_token or not world.knows("ServiceAccount") or world.get("ServiceAccount", pod.namespace, account):
        return []
    return [pod.cite("spec/serviceAccountName", STRONG)]
