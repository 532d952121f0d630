"""What deployment tools could not apply, in the API server's words."""

from tests.investigation.worlds import Document, deployment, meta, world
from tocsin.investigation.diagnosis.reading.changes.deliveries import refusals


def application(phase: str, **operation: object) -> Document:
    return meta("Application", "shop") | {"status": {"operationState": {"phase": phase} | operation}}


def release(status: str) -> Document:
    ready = {"type": "Ready", "status": status, "message": "field is immutable"}
    return meta("HelmRelease", "shop") | {"status": {"conditions": [ready]}}


def test_a_failed_sync_tells_each_object_that_was_refused() -> None:
    results = [{"status": "SyncFailed", "message": "field is immutable"}, {"status": "Synced", "message": "configured"}]
    held = world(application("Failed", message="one object failed", syncResult={"resources": results}))
    assert [refusal.text for refusal in refusals(held)] == ["field is immutable"]


def test_a_sync_that_succeeded_tells_nothing() -> None:
    assert list(refusals(world(application("Succeeded", message="field is immutable")))) == []


def test_a_release_that_is_not_ready_is_felt_by_what_lacks_pods() -> None:
    [refusal] = refusals(world(release("False"), deployment(ready=0)))
    assert refusal.text == "field is immutable"
    assert [subject.name for subject in refusal.brings] == ["cart"]


def test_a_release_that_is_ready_tells_nothing() -> None:
    assert list(refusals(world(release("True")))) == []
