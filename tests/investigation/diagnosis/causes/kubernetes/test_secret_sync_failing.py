"""A Secret that is not brought from the store outside."""

from tests.investigation.worlds import Document, condition, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.secret_sync_failing import secret_sync_failing

WHY = "could not get secret data from provider: permission denied"


def external(status: str) -> Document:
    spec = {"secretStoreRef": {"name": "vault", "kind": "SecretStore"}, "target": {"name": "db"}}
    told = condition("Ready", status, "SecretSyncedError", WHY)
    return meta("ExternalSecret", "db") | {"spec": spec, "status": {"conditions": [told]}}


FIRES = scene(external("False"), pod())

QUIET = scene(external("True"), pod())


def test_says_what_the_store_said() -> None:
    [found] = look(secret_sync_failing, FIRES)
    assert found.summary == f"Secret db is not brought from outside: {WHY}"


def test_a_store_that_is_not_ready_is_the_cause() -> None:
    broken = condition("Ready", "False", "InvalidProviderConfig", "unable to log in")
    store = meta("SecretStore", "vault") | {"status": {"conditions": [broken]}}
    [found] = look(secret_sync_failing, scene(external("False"), store))
    assert str(found.subject) == "SecretStore/shop/vault"
