"""Credentials that were changed after the application had read them."""

from tests.investigation.worlds import Document, container, deployment, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.credentials_outdated import credentials_outdated

READS = [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}]
CART = pod("cart", container(ready=False, state={"running": {"startedAt": "2026-03-01T11:30:00Z"}}, env=READS))
SAID = logs(CART, 'FATAL: password authentication failed for user "cart"', run="current")


def secret(written: str) -> Document:
    made = meta("Secret", "db")
    made["metadata"]["managedFields"] = [{"manager": "kubectl-edit", "operation": "Update", "time": written}]
    return made


FIRES = scene(CART, deployment(ready=0), secret("2026-03-01T11:50:00Z"), logs=SAID)

QUIET = scene(CART, deployment(ready=0), secret("2026-03-01T11:00:00Z"), logs=SAID)


def test_says_how_long_after_the_start() -> None:
    found = look(credentials_outdated, FIRES)[-1]
    assert found.summary.endswith("before Secret db was changed, 20 min after it had started")
    assert found.remedies[0].argv[3:] == ("rollout", "restart", "deployment/cart")
