"""A manifest of a kind or version that the cluster does not know."""

from tests.investigation.worlds import Document, deployment, exited, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.api_version_removed import api_version_removed

UNKNOWN = 'no matches for kind "CronJob" in version "batch/v1beta1"'


def application(phase: str) -> Document:
    status = {
        "operationState": {"phase": phase, "message": f"one or more objects failed to apply: {UNKNOWN}"},
        "resources": [{"kind": "Deployment", "namespace": "shop", "name": "cart"}],
    }
    return meta("Application", "shop") | {"status": status}


FIRES = scene(application("Failed"), deployment(ready=0))

QUIET = scene(application("Succeeded"), deployment())


def test_names_kind_and_version() -> None:
    [found] = look(api_version_removed, FIRES)
    assert found.summary == ("Application shop cannot be applied: the cluster has no CronJob in version batch/v1beta1")
    assert [str(subject) for subject in found.felt_by] == ["Deployment/shop/cart"]


def test_hears_an_operator_whose_definition_is_missing() -> None:
    crashed = pod("operator", exited("Error", 1))
    line = 'ERROR setup unable to start manager: no matches for kind "Backup" in version "backup.example/v1"'
    [found] = look(api_version_removed, scene(crashed, logs=logs(crashed, line)))
    assert found.summary.endswith("looks for Backup in version backup.example/v1, which the cluster does not have")
