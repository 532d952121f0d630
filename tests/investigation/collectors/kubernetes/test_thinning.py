import json
from typing import Any

from tocsin.investigation.collectors.kubernetes.thinning import Revisions, metadata_alone, thinned


def thin(document: Any, kind: str = "Pod") -> Any:
    return json.loads(thinned(json.dumps(document).encode(), kind, "v1"))


def test_of_fields_the_outermost_stay_and_who_wrote_when() -> None:
    entry = {"manager": "kubectl-edit", "time": "2026-01-01T00:00:00Z", "subresource": "scale"}
    deep: dict[str, object] = {"f:data": {"f:DB_HOST": {"k:{}": {".": {}}}}, "f:metadata": {}}
    found = thin({"metadata": {"name": "a", "managedFields": [entry | {"fieldsV1": deep}, entry]}, "spec": {"x": "ü"}})
    kept: dict[str, object] = {"f:data": {"f:DB_HOST": {}}, "f:metadata": {}}
    assert found["metadata"] == {"name": "a", "managedFields": [entry | {"fieldsV1": kept}, entry]}
    assert (found["kind"], found["apiVersion"], found["spec"]) == ("Pod", "v1", {"x": "ü"})


def test_the_word_alone_changes_nothing() -> None:
    document = {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "a"}, "data": {"x": '"fieldsV1": {}'}}
    assert thin(document, "ConfigMap") == document


def test_schemas_of_custom_resources_go() -> None:
    spec = {"conversion": {"strategy": "Webhook"}, "versions": [{"name": "v1", "served": True, "schema": {"big": 1}}]}
    found = thin({"metadata": {"name": "a"}, "spec": spec}, "CustomResourceDefinition")
    assert found["spec"] == {"conversion": {"strategy": "Webhook"}, "versions": [{"name": "v1", "served": True}]}


def test_metadata_alone_drops_what_was_sent_all_the_same() -> None:
    raw = b'{"kind": "PartialObjectMetadata", "metadata": {"name": "s"}, "data": {"password": "cGxhaW4="}}'
    assert json.loads(metadata_alone(raw, "Secret", "v1")) == {
        "kind": "Secret",
        "apiVersion": "v1",
        "metadata": {"name": "s"},
    }


def replicas(number: int, pods: int = 0) -> bytes:
    annotations = {"deployment.kubernetes.io/revision": str(number)}
    metadata = {"name": f"cart-{number}", "ownerReferences": [{"uid": "u"}], "annotations": annotations}
    return json.dumps({"metadata": metadata, "status": {"replicas": pods}}).encode()


def test_the_newest_revisions_stay_and_those_with_pods() -> None:
    held = Revisions()
    for raw in [replicas(1, pods=2), *(replicas(number) for number in (12, 9, 3, 10, 11))]:
        held.add(raw)
    assert {json.loads(raw)["metadata"]["name"] for raw in held} == {"cart-1", "cart-12", "cart-11", "cart-10"}


def test_a_revision_that_nobody_owns_stays() -> None:
    held = Revisions()
    held.add(b'{"metadata": {"name": "alone"}, "revision": 1}')
    assert len(list(held)) == 1
