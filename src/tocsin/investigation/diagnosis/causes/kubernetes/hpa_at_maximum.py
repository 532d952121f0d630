"""An autoscaler that would run more replicas than it may."""

import math
from collections.abc import Iterator
from fractions import Fraction

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.load.autoscalers import KIND, gauges, target_of
from tocsin.investigation.diagnosis.remedies.autoscaling import raise_maximum
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

# The autoscaler itself does not act within a tenth of what it wants (--horizontal-pod-autoscaler-tolerance).
_TOLERANCE = Fraction(11, 10)


@cause("autoscaling", modes=("hpa.maxed",), needs=("HorizontalPodAutoscaler",))
def hpa_at_maximum(world: World) -> Iterator[Finding]:
    """An autoscaler runs as many replicas as it may, and they are still too few for the load.

    The replicas share what comes; above what they can bear, requests wait or fail. The load grew, the maximum is too
    low, or something makes each request cost more: a slow dependency, a new version.

    When it is wrong: the replicas are busy because what they call is slow; more of them make that worse.
    """
    for scaler in world.of(KIND):
        most, now = scaler.number("spec/maxReplicas"), scaler.number("status/currentReplicas")
        limited = scaler.condition("ScalingLimited")
        held_back = limited and limited.text("status") == "True" and limited.text("reason") == "TooManyReplicas"
        worst = max(gauges(scaler), key=lambda gauge: (gauge.ratio, gauge.name), default=None)
        if limited and held_back and most and now and now >= most and worst and worst.ratio > _TOLERANCE:
            needed = math.ceil(now * worst.ratio)
            yield Finding(
                scaler.subject,
                f"{target_of(scaler).name} runs {now} replicas, the most that {scaler.name} may, with {worst.name} at"
                f" {float(worst.ratio):.1f} times the wanted value: it would take {needed}",
                cites=[
                    limited.cite("reason", STRONG),
                    scaler.cite("spec/maxReplicas", MODERATE),
                    worst.part.cite("resource/current", MODERATE),
                ],
                felt_by=[target_of(scaler)],
                remedies=[raise_maximum(scaler.subject, most, needed), describe(scaler.subject)],
            )
