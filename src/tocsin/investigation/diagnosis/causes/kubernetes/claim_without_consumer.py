"""A claim that waits for a pod, as it should."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.reading.storage.claims import class_of, pending, users_of, waits_for_consumer
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World, cite_event


@cause("storage", modes=("storage.wffc",), needs=("PersistentVolumeClaim", "Pod"))
def claim_without_consumer(world: World) -> Iterator[Finding]:
    """An alert is about a claim that is pending, and nothing is wrong with it: no pod uses it yet.

    Classes with the binding mode WaitForFirstConsumer make a volume only when a pod that mounts the claim is given a
    node, so that the volume is made where the pod runs. Until then the claim is pending.

    When it is wrong: a pod should use it, and was never made; then that is what is to be looked into.
    """
    for claim in pending(world):
        if _asked(world, claim) and waits_for_consumer(world, claim) and not any(users_of(world, claim.subject)):
            held = class_of(world, claim)
            told = list(world.events("WaitForFirstConsumer", about=claim.subject))
            yield Finding(
                claim.subject,
                f"claim {claim.name} waits for a pod that mounts it, and there is none: that is how its class works",
                cites=[
                    claim.cite("status/phase", STRONG),
                    *([held.cite("volumeBindingMode", STRONG)] if held else []),
                    *(cite_event(event, STRONG) for event in told[:1]),
                ],
                remedies=[
                    look("get", "pods", of=claim.subject, purpose="see whether a pod that should use it is missing")
                ],
            )


def _asked(world: World, claim: Resource) -> bool:
    """Tell whether an alert names the claim; otherwise it is nobody's trouble."""
    alert = world.snapshot.alert
    named = alert.resource.name if alert.resource and alert.resource.kind == claim.kind else None
    return claim.name in (named, alert.labels.get("persistentvolumeclaim"))
