"""A claim whose volume was deleted under it."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World, cite_event


@cause("storage", modes=("storage.claim_lost",), needs=("PersistentVolumeClaim",))
def claim_lost(world: World) -> Iterator[Finding]:
    """A claim was bound to a volume, and the volume object is gone.

    Somebody deleted the PersistentVolume, or it was bound to another claim behind this one's back. The disk itself may
    still exist in the backend if it was to be retained; otherwise the data must come from a backup.

    When it is wrong: hardly ever; the binder marks a claim as lost only when its volume is gone.
    """
    for claim in world.of("PersistentVolumeClaim"):
        if claim.text("status/phase") == "Lost":
            told = list(world.events("ClaimLost", "ClaimMisbound", about=claim.subject))
            yield Finding(
                claim.subject,
                f"claim {claim.name} has lost its volume {claim.text('spec/volumeName') or ''}".rstrip(),
                cites=[
                    claim.cite("status/phase", CONCLUSIVE),
                    claim.cite("spec/volumeName", MODERATE),
                    *(cite_event(event, MODERATE) for event in told[:1]),
                ],
                remedies=[look("get", "pv", of=claim.subject, purpose="see which volumes there are")],
            )
