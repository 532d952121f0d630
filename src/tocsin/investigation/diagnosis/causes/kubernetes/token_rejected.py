"""A service account token that the API server no longer accepts."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import restart
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World

# client-go for a 401, and the API server's own words for tokens.
_REJECTED = (
    r"the server has asked for the client to provide credentials|service account token has (?:expired|been invalidated)"
    r"|invalid bearer token|Unable to authenticate the request"
)


@cause("security", modes=("sec.token_expired",), needs=("Pod", "logs"))
def token_rejected(world: World) -> Iterator[Finding]:
    """The API server, or another one, no longer accepts the token with which an application comes.

    The application read its token once and kept it, while the kubelet renews the file each hour; or the service account
    was deleted and made anew, so that tokens of the former one count for nothing. Pods made anew get a valid token.

    When it is wrong: the clocks of the two sides differ; or the token is a person's.
    """
    for pod, container, line in complaints(world, _REJECTED, hint=r"oken|provide credentials|authenticate"):
        if not bothers(world, container, line):
            continue
        controller, made_anew = world.controller(pod), _made_anew(world, pod)
        told = f"; account {made_anew.about.name} was made after the pod" if made_anew else ""
        yield Finding(
            controller,
            f"the token of {container.name} in {pod.name} is not accepted{told}: “{ending(line.text)}”",
            cites=[*complaint_cites(container, line), *([made_anew] if made_anew else [])],
            remedies=[
                *restart(controller),
                look(
                    *("get", "serviceaccount", pod.text("spec/serviceAccountName") or "default", "-o", "yaml"),
                    of=pod.subject,
                    purpose="see when the account was made",
                ),
            ],
        )


def _made_anew(world: World, pod: Pod) -> Citation | None:
    """Cite that the pod's account is younger than the pod."""
    account = world.inventory.get(
        Subject("ServiceAccount", pod.namespace, pod.text("spec/serviceAccountName") or "default")
    )
    younger = account and account.created and pod.created and account.created > pod.created
    return account.cite("metadata/creationTimestamp", CONCLUSIVE) if account and younger else None
