"""A claim that is being deleted while pods want it."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.storage.claims import users_of
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import unscheduled
from tocsin.investigation.diagnosis.world import World

_LEAVING = re.compile(r'persistentvolumeclaim "(?P<name>[^"]+)" is being deleted')


@cause("storage", modes=("storage.pvc_terminating",), needs=("Pod",))
def claim_terminating(world: World) -> Iterator[Finding]:
    """A claim was deleted while a pod uses it: it stays until that pod ends, and no new pod may have it.

    A deletion cannot be taken back. As soon as the last pod that uses the claim ends, the claim goes, and with it,
    depending on the class, the data. Until then there is time to copy it.

    When it is wrong: the claim is to go, and the pod that waits is one too many.
    """
    for saying in unscheduled(world):
        if found := _LEAVING.search(saying.text):
            claim = Subject("PersistentVolumeClaim", saying.about.namespace, found["name"])
            held = world.inventory.get(claim)
            users = [user for user in users_of(world, claim) if user.node]
            used = f"; {', '.join(user.name for user in users)} still uses it" if users else ""
            yield Finding(
                claim,
                f"claim {claim.name}, for which {saying.about.name} waits, is being deleted{used}",
                cites=[
                    saying.weighing(CONCLUSIVE),
                    *([held.cite("metadata/deletionTimestamp", STRONG)] if held and held.leaving else []),
                    *(user.cite("spec/volumes", MODERATE) for user in users),
                ],
                felt_by=[saying.controller],
                remedies=[
                    look("describe", "pvc", claim.name, of=claim, purpose="see which pods use it, and what holds it")
                ],
            )
