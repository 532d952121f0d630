"""What departs from the manifest that was applied."""

import json

from tests.investigation.worlds import Document, meta, service, snapshot
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.changes.applied import departed
from tocsin.investigation.diagnosis.reading.changes.edits import former_value, latest_edits
from tocsin.investigation.diagnosis.reference import Subject


def applied(item: Document, manifest: Document) -> Document:
    annotation = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(manifest)}
    return item | {"metadata": item["metadata"] | {"annotations": annotation}}


def inventory(*items: Document) -> Inventory:
    return Inventory(snapshot(*items))


def test_a_port_that_was_patched_is_told_with_its_former_value() -> None:
    made = applied(service(target=9999), {"spec": {"ports": [{"port": 80, "targetPort": 8080}]}})
    [found] = departed(inventory(made))
    assert [str(one) for one in found.moved] == ["spec.ports.0.targetPort: 8080 → 9999"]


def test_what_is_as_applied_is_silent() -> None:
    made = service()
    assert list(departed(inventory(applied(made, {"spec": made["spec"]})))) == []


def test_a_scaler_may_change_the_replicas() -> None:
    made = meta("Deployment", "cart") | {"spec": {"replicas": 5}}
    scaler = meta("HorizontalPodAutoscaler", "cart") | {
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "cart"}}
    }
    held = applied(made, {"spec": {"replicas": 2}})
    assert list(departed(inventory(held, scaler))) == []
    assert len(list(departed(inventory(held)))) == 1


def test_rubbish_in_the_annotation_is_no_departure() -> None:
    made = service()
    made["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "{no"}
    assert list(departed(inventory(made))) == []


def test_an_edit_by_hand_is_told_with_values_and_time() -> None:
    made = applied(meta("ConfigMap", "conf") | {"data": {"DB_HOST": "b"}}, {"data": {"DB_HOST": "a"}})
    made["metadata"]["managedFields"] = [{"manager": "kubectl-edit", "time": "2026-03-01T11:00:00Z"}]
    held = inventory(made)
    edit = latest_edits(held)[Subject("ConfigMap", "shop", "conf")]
    assert (edit.by, edit.what) == ("kubectl-edit", "data.DB_HOST: a → b, unlike the manifest that was applied")
    assert former_value(held, edit.subject, "data/DB_HOST") == "a"
