from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.investigation.collectors.conftest import KEY
from tocsin.investigation.collectors.kubernetes import journal as module
from tocsin.investigation.collectors.kubernetes.journal import Entry, Journal

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def deployment(image: str = "a:1", replicas: int = 1, by: str = "kubectl-edit", **env: str) -> dict[str, Any]:
    variables = [{"name": name, "value": value} for name, value in env.items()]
    container = {"name": "app", "image": image, "env": variables}
    managed = [
        {"manager": by, "time": NOW.isoformat()},
        {"manager": "kubelet", "time": (NOW + timedelta(seconds=1)).isoformat(), "subresource": "status"},
    ]
    spec = {"replicas": replicas, "template": {"spec": {"containers": [container]}}}
    return {"metadata": {"name": "cart", "namespace": "shop", "managedFields": managed}, "spec": spec}


def settings(**data: str) -> dict[str, Any]:
    return {"metadata": {"name": "settings", "namespace": "shop"}, "data": data}


def told(kind: str, *states: dict[str, Any]) -> list[Entry]:
    """What a journal tells after an object was in these states one after the other."""
    journal = Journal(KEY)
    for number, state in enumerate(states):
        journal.put(kind, state, NOW, is_new=number > 0)
    return journal.told({"shop"}, NOW)


def test_a_changed_field_is_told_with_both_values_and_who_wrote_it() -> None:
    (entry,) = told("Deployment", deployment("a:1"), deployment("a:2"))
    assert entry == {
        "about": {"kind": "Deployment", "namespace": "shop", "name": "cart"},
        "at": NOW.isoformat(),
        "by": "kubectl-edit",
        "field": "/spec/template/spec/containers/0/image",
        "old": "a:1",
        "new": "a:2",
    }


def test_what_follows_from_the_specification_is_not_told() -> None:
    assert told("Deployment", deployment(), deployment() | {"status": {"readyReplicas": 0}}) == []


def test_named_entries_are_compared_by_name() -> None:
    found = told("Deployment", deployment(HOST="a", PORT="1"), deployment(MODE="x", HOST="b", PORT="1"))
    assert [(entry["field"].rpartition("env/")[2], entry["old"], entry["new"]) for entry in found] == [
        ("0", None, '{"name":"MODE","value":"x"}'),
        ("1/value", "a", "b"),
    ]


def test_secrets_are_not_told_but_that_they_changed() -> None:
    (entry,) = told("Deployment", deployment(DB_PASSWORD="hunter22"), deployment(DB_PASSWORD="hunter23"))
    assert entry["old"].startswith("[redacted:")
    assert entry["old"] != entry["new"]


def test_long_texts_are_told_by_their_digest() -> None:
    (entry,) = told("ConfigMap", settings(**{"app.yaml": "x" * 500}), settings(**{"app.yaml": "x" * 501}))
    assert entry["field"] == "/data/app.yaml"
    assert entry["new"].startswith("501 characters, SHA-256 ")


def test_a_key_with_a_slash_is_escaped() -> None:
    node = {"metadata": {"name": "n1", "labels": {}}, "spec": {}}
    labelled = {"metadata": {"name": "n1", "labels": {"example.org/pool": "b"}}, "spec": {}}
    assert told("Node", node, labelled)[0]["field"] == "/metadata/labels/example.org~1pool"


def test_what_is_made_and_removed_is_told() -> None:
    journal = Journal(KEY)
    journal.put("ConfigMap", settings(), NOW)
    journal.remove("ConfigMap", settings(), NOW)
    journal.retain("ConfigMap", (), NOW)
    assert [entry["summary"] for entry in journal.told({"shop"}, NOW)] == ["created", "deleted"]


def test_a_write_of_long_ago_did_not_make_the_difference() -> None:
    journal, later = Journal(KEY), NOW + timedelta(hours=1)
    journal.put("Deployment", deployment(replicas=1), NOW, is_new=False)
    journal.put("Deployment", deployment(replicas=2), later)
    (entry,) = journal.told({"shop"}, later)
    assert (entry["at"], entry["by"]) == (later.isoformat(), "")


def test_other_namespaces_and_days_gone_by_are_not_told() -> None:
    journal = Journal(KEY)
    journal.put("ConfigMap", settings(), NOW)
    assert journal.told({"other"}, NOW) == []
    assert journal.told({"shop"}, NOW + timedelta(days=2)) == []


def test_it_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOLD", 2)
    found = told("ConfigMap", *(settings(a=str(number)) for number in range(5)))
    assert [entry["new"] for entry in found] == ["3", "4"]
