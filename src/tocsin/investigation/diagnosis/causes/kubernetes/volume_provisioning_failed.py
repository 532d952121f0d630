"""A claim whose volume the storage backend refuses to make."""

import re
from collections.abc import Iterator, Mapping

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.storage.claims import refused
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World, cite_event

_NO_CLASS = re.compile(r'storageclass\S* "[^"]+" not found')
_CODE = re.compile(r"code = (?P<code>\w+) desc = (?P<why>.*)", re.S)
# The codes of gRPC, as storage drivers use them.
_MEANS: Mapping[str, str] = {
    "ResourceExhausted": "the backend has no more room, or a quota there is used up",
    "InvalidArgument": "the class has parameters that the backend does not accept",
    "PermissionDenied": "the driver's credentials do not allow it",
    "Unauthenticated": "the driver's credentials are not accepted",
    "DeadlineExceeded": "the backend did not answer in time",
    "Unavailable": "the backend cannot be reached",
    "NotFound": "what the class names is not there in the backend",
}


@cause("storage", modes=("storage.provision_error",), needs=("PersistentVolumeClaim", "events"))
def volume_provisioning_failed(world: World) -> Iterator[Finding]:
    """The storage driver tried to make a volume for a claim, and the backend refused.

    The backend is out of room or quota, the driver's credentials are wrong, or the storage class has parameters or a
    zone that it does not know. The driver tries again and again.

    When it is wrong: it failed once, and the next try made the volume.
    """
    for at, claim, event in refused(world, "ProvisioningFailed"):
        if _NO_CLASS.search(event.message):
            continue
        found = _CODE.search(event.message)
        means = _MEANS.get(found["code"], "") if found else ""
        yield Finding(
            at,
            f"no volume is made for claim {at.name}: {f'{means}: ' if means else ''}"
            + opening(found["why"] if found else event.message),
            cites=[
                cite_event(event, CONCLUSIVE),
                *([claim.cite("spec/storageClassName", MODERATE)] if claim else []),
            ],
            remedies=[look("describe", "pvc", at.name, of=at, purpose="read what the driver says")],
        )
