"""A part of the API that another server answers for, and does not."""

from tests.investigation.worlds import Document, condition, look, meta, pod, scene, within
from tocsin.investigation.diagnosis.causes.kubernetes.api_service_unavailable import api_service_unavailable


def metrics(status: str, reason: str) -> Document:
    made = within("", meta("APIService", "v1beta1.metrics.k8s.io"))
    service = {"namespace": "kube-system", "name": "metrics-server"}
    spec = {"group": "metrics.k8s.io", "service": service}
    return made | {"spec": spec, "status": {"conditions": [condition("Available", status, reason)]}}


FIRES = scene(pod(), metrics("False", "MissingEndpoints"))

QUIET = scene(pod(), metrics("True", "Passed"))


def test_says_what_the_reason_means() -> None:
    [found] = look(api_service_unavailable, FIRES)
    assert found.summary == (
        "API v1beta1.metrics.k8s.io is unavailable: no pod behind its Service is ready (kube-system/metrics-server)"
    )
