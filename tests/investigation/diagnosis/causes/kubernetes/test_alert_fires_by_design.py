"""An alert that fires although nothing is wrong."""

from tests.investigation.worlds import look, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.alert_fires_by_design import alert_fires_by_design


def asked(name: str) -> dict[str, object]:
    return {"title": name, "labels": {"alertname": name, "namespace": "shop", "severity": "none"}}


FIRES = scene(pod(), alert=asked("Watchdog"))

QUIET = scene(pod(), alert=asked("KubePodCrashLooping"))


def test_what_a_provider_runs_cannot_be_asked() -> None:
    managed = node(labels={"eks.amazonaws.com/nodegroup": "blue"})
    [found] = look(alert_fires_by_design, scene(managed, alert=asked("KubeSchedulerDown")))
    assert found.summary.startswith("KubeSchedulerDown cannot do otherwise: on EKS")
    assert look(alert_fires_by_design, scene(node(), alert=asked("KubeSchedulerDown"))) == []
