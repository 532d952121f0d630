"""An autoscaler for a workload that does not exist."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.load.autoscalers import KIND, hindered, target_of
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.autoscaling import retarget
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

_KINDS = ("Deployment", "StatefulSet")


@cause("autoscaling", modes=("hpa.target_missing",), needs=("HorizontalPodAutoscaler", "Deployment"))
def hpa_target_missing(world: World) -> Iterator[Finding]:
    """An autoscaler names a workload that does not exist, so it scales nothing.

    The workload was renamed or deleted, or is of another kind. The one that runs under the new name keeps the number of
    replicas that it has.

    When it is wrong: the workload is made later by the same release.
    """
    refused = {held.scaler.subject: held for held in hindered(world, "AbleToScale", "FailedGetScale")}
    for scaler in world.of(KIND):
        target, told = target_of(scaler), refused.get(scaler.subject)
        said = told and "not found" in told.message
        absent = target.kind in _KINDS and world.knows(target.kind) and world.inventory.get(target) is None
        absent = absent and not _able(scaler)
        if not said and not absent:
            continue
        similar = world.inventory.similar(target)
        near = Subject(target.kind, target.namespace, similar) if similar else None
        cites: list[Citation] = [told.told.cite("message", CONCLUSIVE)] if told and said else []
        yield Finding(
            scaler.subject,
            f"autoscaler {scaler.name} scales nothing: there is no {target.kind} {target.name}"
            + (f"; there is {near.name}" if near else ""),
            cites=[*cites, scaler.cite("spec/scaleTargetRef/name", STRONG)],
            felt_by=[near] if near else (),
            remedies=[
                *([retarget(scaler.subject, target.name, near.name)] if near else []),
                describe(scaler.subject),
            ],
        )


def _able(scaler: Resource) -> bool:
    told = scaler.condition("AbleToScale")
    return bool(told and told.text("status") == "True")
