"""A claim that no volume fits."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.binding import meant, mismatches
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import WEAK
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World


@cause("storage", needs=("PersistentVolumeClaim", "PersistentVolume"))
def volume_unmatched(world: World) -> Iterator[Finding]:
    """A claim waits because no volume fits it: access mode, selector, capacity or class differ.

    A claim takes a volume only if that has every access mode it asks for, the labels it selects, room enough, and the
    same storage class.

    When it is wrong: a provisioner makes volumes for that class on demand, and is the one that is late.
    """
    for claim in world.of("PersistentVolumeClaim"):
        if claim.text("status/phase") != "Pending":
            continue
        free = [volume for volume in world.of("PersistentVolume") if meant(claim, volume)]
        fewest = min((len(mismatches(claim, volume)) for volume in free), default=0)
        for volume in free:
            rules = mismatches(claim, volume)
            if rules and len(rules) == fewest:
                told = "; ".join(f"{rule.rule}: wants {rule.wanted}, has {rule.held}" for rule in rules)
                yield Finding(
                    claim.subject,
                    f"claim {claim.name} cannot have volume {volume.name}: {told}",
                    cites=[claim.cite("status/phase", WEAK), *(cite for rule in rules for cite in rule.cites)],
                    remedies=[
                        look("describe", "pvc", claim.name, of=claim.subject, purpose="read what the binder says")
                    ],
                )
