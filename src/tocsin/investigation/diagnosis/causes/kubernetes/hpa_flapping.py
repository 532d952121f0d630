"""An autoscaler that goes up and down all the time."""

import re
from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.reading.load.autoscalers import KIND, target_of
from tocsin.investigation.diagnosis.remedies.autoscaling import scale_down_slowly
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World, cite_event

_SIZE = re.compile(r"New size: (\d{1,6})")
_DOWN = re.compile(r"below target", re.I)
_LATELY = timedelta(hours=1)
# Up and down again three times in an hour; load that really changes does so less often.
_OFTEN = 6
_WINDOW = 600


@cause("autoscaling", modes=("hpa.flap",), needs=("HorizontalPodAutoscaler", "events"))
def hpa_flapping(world: World) -> Iterator[Finding]:
    """An autoscaler adds and takes away replicas again and again within an hour.

    Each pod that starts costs CPU and meets cold caches, each that ends drops connections. The metric jumps, the
    starting pods drive it up themselves, or the autoscaler takes replicas away too soon.

    When it is wrong: the load does come in such waves, and the replicas follow it well.
    """
    for scaler in world.of(KIND):
        events = [
            event
            for event in world.events("SuccessfulRescale", about=scaler.subject)
            if world.snapshot.within(event.first, _LATELY)
        ]
        times = sum(event.count for event in events)
        down = sum(event.count for event in events if _DOWN.search(event.message))
        sizes = sorted({int(found[1]) for event in events if (found := _SIZE.search(event.message))})
        if times >= _OFTEN and min(down, times - down) >= _OFTEN // 3 and len(sizes) > 1:
            behaviour = scaler.mapping("spec/behavior")
            yield Finding(
                scaler.subject,
                f"autoscaler {scaler.name} changed {target_of(scaler).name} {times} times within an hour, between"
                f" {sizes[0]} and {sizes[-1]} replicas",
                cites=[cite_event(event, STRONG) for event in events],
                felt_by=[target_of(scaler)],
                remedies=[
                    scale_down_slowly(scaler.subject, dict(behaviour) or None, _WINDOW),
                    describe(scaler.subject),
                ],
            )
