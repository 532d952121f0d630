"""A change to a field that cannot be changed."""

from tests.investigation.worlds import Document, deployment, look, meta, scene
from tocsin.investigation.diagnosis.causes.kubernetes.immutable_field_changed import immutable_field_changed

FIXED = 'Deployment.apps "cart" is invalid: spec.selector: Invalid value: v1.LabelSelector{}: field is immutable'


def kustomization(status: str) -> Document:
    ready = {"type": "Ready", "status": status, "reason": "ReconciliationFailed", "message": f"dry-run failed: {FIXED}"}
    return meta("Kustomization", "shop") | {"status": {"conditions": [ready]}}


FIRES = scene(kustomization("False"), deployment(ready=0))

QUIET = scene(kustomization("True"), deployment(ready=0))


def test_names_object_and_field() -> None:
    [found] = look(immutable_field_changed, FIRES)
    assert found.summary == (
        "Kustomization shop cannot be applied: it changes a field of Deployment cart that is fixed: spec.selector"
    )
    assert found.remedies[0].argv[3:6] == ("get", "deployment", "cart")
