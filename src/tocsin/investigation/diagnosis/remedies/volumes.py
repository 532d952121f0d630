"""Remedies on volumes, claims and storage classes."""

from tocsin.investigation.diagnosis.quantity import bytes_text, parse_quantity
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.resources import Resource

_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_GROWTH = 2


def label_volume(volume: Subject, key: str, old: str | None, new: str) -> Command:
    """Give a volume a label that a claim selects."""

    def labelled(pair: str) -> tuple[str, ...]:
        return kubectl("label", "pv", volume.name, pair, "--overwrite", of=volume)

    return Command(
        argv=labelled(f"{key}={new}"),
        purpose=f"let the claim select {volume.name}",
        tier="reversible",
        before=f"{volume.name} is the volume that was meant: a claim that takes it may write to it",
        undo=Undo(labelled(f"{key}-" if old is None else f"{key}={old}")),
        verify=Verify(kubectl("get", "pv", volume.name, of=volume), "Bound under STATUS"),
    )


def release_volume(volume: Resource, uid: str) -> Command:
    """Let a volume be bound to a new claim of the name for which it was kept, by forgetting the old claim's uid."""
    return patch(
        volume.subject,
        "/spec/claimRef/uid",
        uid,
        None,
        purpose=f"let the new claim have {volume.name}, which is kept for the deleted one",
        before="the data on it may be used again by the claim of that name",
        verify=Verify(kubectl("get", "pv", volume.name, of=volume.subject), "Bound under STATUS"),
    )


def make_default(storage: Subject) -> Command:
    """Make a storage class the one that claims get which name none; it counts for claims made afterwards too."""

    def annotated(pair: str) -> tuple[str, ...]:
        return kubectl("annotate", "storageclass", storage.name, pair, "--overwrite", of=storage)

    return Command(
        argv=annotated(f"{_DEFAULT}=true"),
        purpose=f"make {storage.name} the default storage class",
        tier="reversible",
        before="claims without a class shall get volumes of that kind, and may cost what those cost",
        undo=Undo(annotated(f"{_DEFAULT}-")),
        verify=Verify(kubectl("get", "storageclass", storage.name, of=storage), f"{storage.name} (default)"),
    )


def grow_claim(claim: Resource) -> tuple[Command, ...]:
    """Double a claim; it cannot be made smaller again. Nothing to type where its size is not stored."""
    size = parse_quantity(claim.get("spec/resources/requests/storage"))
    if not size:
        return ()
    new = bytes_text(size * _GROWTH)
    return (
        Command(
            argv=kubectl(
                "patch",
                "pvc",
                claim.name,
                "--type=merge",
                "-p",
                f'{{"spec": {{"resources": {{"requests": {{"storage": "{new}"}}}}}}}}',
                of=claim.subject,
            ),
            purpose=f"make {claim.name} twice as large, {new}",
            tier="irreversible",
            before="the storage class allows expansion, and what fills the volume cannot be removed",
            verify=Verify(kubectl("get", "pvc", claim.name, of=claim.subject), f"{new} under CAPACITY"),
        ),
    )
