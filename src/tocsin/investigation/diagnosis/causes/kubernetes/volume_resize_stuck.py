"""A claim that was made larger, and whose volume did not follow."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.reading.storage.claims import users_of
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import restart
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World, cite_event

_ERRORS = ("ControllerResizeError", "NodeResizeError")
_FAILED = ("VolumeResizeFailed", "FileSystemResizeFailed")
_LONG = timedelta(minutes=10)


@cause("storage", modes=("storage.resize",), needs=("PersistentVolumeClaim",))
def volume_resize_stuck(world: World) -> Iterator[Finding]:
    """A claim asks for more than its volume has, and enlarging the volume failed or waits for a restart.

    First the storage backend enlarges the disk, then the node its file system. Some drivers can do the second only
    while the pod is down; some backends allow a change only every few hours.

    When it is wrong: the enlarging goes on, and takes as long as the backend needs.
    """
    for claim in world.of("PersistentVolumeClaim"):
        wanted = parse_quantity(claim.get("spec/resources/requests/storage"))
        held = parse_quantity(claim.get("status/capacity/storage"))
        if claim.text("status/phase") != "Bound" or not wanted or not held or wanted <= held:
            continue
        restarted = _waits_for_restart(world, claim)
        if proof := [*restarted, *_refused(world, claim)]:
            users = sorted({world.controller(user) for user in users_of(world, claim.subject)})
            yield Finding(
                claim.subject,
                f"claim {claim.name} asks for {claim.get('spec/resources/requests/storage')} and has"
                f" {claim.get('status/capacity/storage')}: {'a restart of its pod is due' if restarted else proof[0].value}",
                cites=[*proof, claim.cite("status/capacity/storage", MODERATE)],
                remedies=[
                    look("describe", "pvc", claim.name, of=claim.subject, purpose="read what the resizer says"),
                    *(command for user in users if restarted for command in restart(user)),
                ],
            )


def _waits_for_restart(world: World, claim: Resource) -> list[Citation]:
    told, now = claim.condition("FileSystemResizePending"), world.snapshot.captured_at
    since = told.time("lastTransitionTime") if told else None
    long = not since or not now or now - since > _LONG
    return [told.cite("type", CONCLUSIVE)] if told and told.text("status") == "True" and long else []


def _refused(world: World, claim: Resource) -> list[Citation]:
    errors = [told for kind in _ERRORS if (told := claim.condition(kind)) and told.text("status") == "True"]
    events = list(world.events(*_FAILED, about=claim.subject))
    infeasible = [
        claim.cite(f"status/allocatedResourceStatuses/{kind}", STRONG)
        for kind, state in claim.texts("status/allocatedResourceStatuses").items()
        if state.endswith("Infeasible")
    ]
    return [
        *(cite_event(event, CONCLUSIVE) for event in events[:1]),
        *(told.cite("message" if told.text("message") else "type", CONCLUSIVE) for told in errors),
        *infeasible,
    ]
