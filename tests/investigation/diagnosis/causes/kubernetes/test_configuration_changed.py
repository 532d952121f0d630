"""Configuration with which containers fail since it was changed."""

from tests.investigation.worlds import Document, deployment, exited, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.configuration_changed import configuration_changed


def crashing(created: str) -> Document:
    held = exited("Error", 1, envFrom=[{"configMapRef": {"name": "conf"}}])
    held[1]["lastState"]["terminated"]["startedAt"] = "2026-03-01T11:58:50Z"
    made = pod("cart", held)
    made["status"]["startTime"] = created
    return made


CONF = meta("ConfigMap", "conf") | {"data": {"MODE": "fats"}}
CONF["metadata"]["managedFields"] = [{"manager": "kubectl-edit", "time": "2026-03-01T11:30:00Z"}]
FIRES = scene(crashing("2026-03-01T08:00:00Z"), deployment(ready=0), CONF)

QUIET = scene(crashing("2026-03-01T11:35:00Z"), deployment(ready=0), CONF)


def test_says_since_when_and_by_whom() -> None:
    [found] = look(configuration_changed, FIRES)
    assert found.summary == (
        "app in cart-7f9c4d-x2x1q fails since ConfigMap conf was changed 30 min before, by kubectl-edit"
    )


def test_puts_the_former_value_back_where_a_journal_knows_it() -> None:
    about = {"kind": "ConfigMap", "namespace": "shop", "name": "conf"}
    change = {"about": about, "at": "2026-03-01T11:30:00Z", "field": "/data/MODE", "old": "fast", "new": "fats"}
    document = scene(crashing("2026-03-01T08:00:00Z"), deployment(ready=0), CONF, changes=[change])
    [found] = look(configuration_changed, document)
    assert found.summary.endswith("MODE: fast → fats")
    assert '"path": "/data/MODE", "value": "fast"' in found.remedies[0].argv[-1]
