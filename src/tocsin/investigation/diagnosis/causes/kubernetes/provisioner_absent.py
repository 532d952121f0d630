"""A claim whose volume nobody makes, because the storage driver does not answer."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.storage.claims import class_of, pending, provisioner_of, waited
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World, cite_event

# Volumes are made within seconds, large ones of slow backends within a few minutes.
_LONG = timedelta(minutes=5)


@cause("storage", modes=("storage.provisioner_down",), needs=("PersistentVolumeClaim", "events"))
def provisioner_absent(world: World) -> Iterator[Finding]:
    """A claim waits for its storage driver to make a volume, and the driver neither makes it nor says why not.

    The driver's controller is down, was never installed, or is registered under another name than the storage class
    gives. The event that tells of the waiting is of type Normal and easily missed.

    When it is wrong: the backend is slow, and the volume comes after some more minutes.
    """
    for claim in pending(world):
        waits = list(world.events("ExternalProvisioning", about=claim.subject))
        silent = not any(world.events("ProvisioningFailed", "ProvisioningSucceeded", about=claim.subject))
        if waits and silent and waited(world, claim, _LONG):
            held = class_of(world, claim)
            name = provisioner_of(world, claim) or "the provisioner"
            absent = _unregistered(world, name)
            yield Finding(
                claim.subject,
                f"claim {claim.name} waits for {name} to make its volume, which says nothing"
                + ("; no such driver is installed" if absent else ""),
                cites=[
                    cite_event(waits[0], STRONG),
                    *([held.cite("provisioner", STRONG if absent else MODERATE)] if held else []),
                    *absent,
                ],
                remedies=[
                    look("get", "csidrivers", of=claim.subject, purpose="see whether the driver is installed"),
                    look("get", "pods", "-A", of=claim.subject, purpose=f"see whether the controller of {name} runs"),
                ],
            )


def _unregistered(world: World, name: str) -> list[Citation]:
    """Cite the drivers that there are, where they were collected and the one asked for is not among them."""
    drivers = world.inventory.of("CSIDriver")
    known = any(driver.name == name for driver in drivers)
    return [] if known else [driver.cite("metadata/name", MODERATE) for driver in drivers]
