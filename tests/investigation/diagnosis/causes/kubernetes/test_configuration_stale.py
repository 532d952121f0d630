"""Configuration that running containers did not read anew."""

from tests.investigation.worlds import Document, container, deployment, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.configuration_stale import configuration_stale

LINE = "2026-03-01T11:58:00Z error: cannot connect to old-db"


def running(since: str, *, ready: bool = True) -> Document:
    held = container(ready=ready, envFrom=[{"configMapRef": {"name": "conf"}}])
    held[1]["state"] = {"running": {"startedAt": since}}
    return pod("cart", held)


def conf(at: str, fields: str = "f:data") -> Document:
    made = meta("ConfigMap", "conf") | {"data": {"DB": "new-db"}}
    made["metadata"]["managedFields"] = [{"manager": "kubectl-edit", "time": at, "fieldsV1": {fields: {}}}]
    return made


OLD = running("2026-03-01T08:00:00Z", ready=False)
NOISY = logs(OLD, LINE, run="current")
FIRES = scene(OLD, deployment(ready=0), conf("2026-03-01T11:00:00Z"), logs=NOISY)

QUIET = scene(OLD, deployment(ready=0), conf("2026-03-01T07:00:00Z"), logs=NOISY)


def test_names_both_times() -> None:
    [found] = look(configuration_stale, FIRES)
    assert "has run since 2026-03-01 08:00 UTC with what it read then" in found.summary
    assert "ConfigMap conf was changed 3 h later, by kubectl-edit" in found.summary
    assert found.remedies[0].argv[-3:] == ("rollout", "restart", "deployment/cart")


def test_where_nothing_is_wrong_it_is_no_cause() -> None:
    assert look(configuration_stale, scene(running("2026-03-01T08:00:00Z"), conf("2026-03-01T11:00:00Z"))) == []


def test_a_new_label_is_no_new_content() -> None:
    assert look(configuration_stale, scene(OLD, conf("2026-03-01T11:00:00Z", "f:metadata"), logs=NOISY)) == []
