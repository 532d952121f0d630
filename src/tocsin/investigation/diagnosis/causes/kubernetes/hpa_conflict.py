"""Two autoscalers that scale the same workload."""

from collections import defaultdict
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reading.load.autoscalers import KIND, hindered, target_of
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World


@cause("autoscaling", modes=("hpa.conflict",), needs=("HorizontalPodAutoscaler",))
def hpa_conflict(world: World) -> Iterator[Finding]:
    """Two autoscalers claim the same pods, so neither scales them, or each undoes what the other did.

    Newer versions of Kubernetes refuse to scale then (AmbiguousSelector); older ones let the number of replicas go up
    and down. KEDA makes an autoscaler of its own for each ScaledObject: one made by hand beside it is a second one.

    When it is wrong: hardly ever; one of the two is a leftover.
    """
    claims: dict[Subject, list[Resource]] = defaultdict(list)
    for scaler in world.of(KIND):
        claims[target_of(scaler)].append(scaler)
    ambiguous = {held.scaler.subject: held for held in hindered(world, "ScalingActive", "AmbiguousSelector")}
    for target, scalers in sorted(claims.items()):
        told = [ambiguous[scaler.subject] for scaler in scalers if scaler.subject in ambiguous]
        if len(scalers) > 1 or told:
            names = " and ".join(scaler.name for scaler in scalers)
            what = "both claim" if len(scalers) > 1 else "shares with another autoscaler"
            yield Finding(
                target,
                f"autoscaler{'s' if len(scalers) > 1 else ''} {names} {what} the pods of {target.name}",
                cites=[
                    *(held.told.cite("reason", CONCLUSIVE) for held in told),
                    *(scaler.cite("spec/scaleTargetRef", STRONG) for scaler in scalers),
                ],
                remedies=[
                    look("get", "hpa", "-o", "wide", of=target, purpose="compare the autoscalers and their targets"),
                ],
            )
