"""An autoscaler by a metric of its own, which nobody serves."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.load.autoscalers import hindered
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_REASONS = (
    "FailedGetPodsMetric",
    "FailedGetObjectMetric",
    "FailedGetExternalMetric",
    "FailedGetContainerResourceMetric",
    "InvalidMetricSourceType",
)


@cause("autoscaling", modes=("hpa.custom_metric",), needs=("HorizontalPodAutoscaler",))
def hpa_custom_metric_missing(world: World) -> Iterator[Finding]:
    """An autoscaler does nothing, because the metric by which it scales is not served.

    Metrics other than CPU and memory come from an adapter (of Prometheus, KEDA, a cloud). It is down, does not know the
    metric by that name, or its query finds nothing.

    When it is wrong: the metric only exists while there is load, and there is none.
    """
    for held in hindered(world, "ScalingActive", *_REASONS):
        why = held.message.partition(": ")[2] or held.message
        yield Finding(
            held.scaler.subject,
            f"autoscaler {held.scaler.name} does nothing for {held.target.name}: {opening(why)}",
            cites=[held.told.cite("reason", CONCLUSIVE)],
            felt_by=[held.target],
            remedies=[
                look("get", "apiservices", of=held.scaler.subject, purpose="see which metrics APIs are served"),
                describe(held.scaler.subject),
            ],
        )
