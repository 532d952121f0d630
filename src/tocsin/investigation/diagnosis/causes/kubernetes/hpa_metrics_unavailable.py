"""An autoscaler that gets no CPU or memory figures, because nobody in the cluster serves them."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.load.autoscalers import hindered
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_API = Subject("APIService", "", "v1beta1.metrics.k8s.io")
_UNSERVED = re.compile(
    r"resource metrics API|could not find the requested resource|unable to handle the request|pods\.metrics\.k8s\.io",
    re.I,
)
# What is said of pods that are just not ready yet, or request nothing, says nothing about the API.
_PODS = re.compile(r"did not receive metrics for|missing request for", re.I)


@cause("autoscaling", modes=("hpa.no_metrics",), needs=("HorizontalPodAutoscaler",))
def hpa_metrics_unavailable(world: World) -> Iterator[Finding]:
    """An autoscaler does nothing, because the cluster's metrics API gives it no figures.

    The metrics server collects CPU and memory from all kubelets and serves them as metrics.k8s.io. It is not installed,
    crashes, or does not trust the kubelets' certificates. All autoscalers by CPU or memory stand still with it.

    When it is wrong: the metrics server only started a minute ago.
    """
    for held in hindered(world, "ScalingActive", "FailedGetResourceMetric"):
        if _UNSERVED.search(held.message) and not _PODS.search(held.message):
            why = held.message.partition(": ")[2] or held.message
            yield Finding(
                held.scaler.subject,
                f"autoscaler {held.scaler.name} does nothing for {held.target.name}: {opening(why)}",
                cites=[held.told.cite("message", CONCLUSIVE), *_served(world)],
                felt_by=[held.target],
                remedies=[
                    look("get", "apiservices", of=_API, purpose="see whether metrics.k8s.io is served"),
                    look(
                        "get",
                        "pods",
                        "-n",
                        "kube-system",
                        "-l",
                        "k8s-app=metrics-server",
                        of=_API,
                        purpose="see whether the metrics server runs",
                    ),
                    describe(held.scaler.subject),
                ],
            )


def _served(world: World) -> Iterator[Citation]:
    service = world.inventory.get(_API)
    told = service.condition("Available") if service else None
    if told and told.text("status") == "False":
        yield told.cite("message" if told.text("message") else "status", MODERATE)
