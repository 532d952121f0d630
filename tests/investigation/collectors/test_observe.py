import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.investigation.collectors.conftest import KEY
from tests.investigation.fake_kubernetes import FakeKubernetes
from tocsin.investigation.collectors.observe import Place, observe

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ALERT = {"title": "cart is down", "resource": {"kind": "Deployment", "namespace": "shop", "name": "cart"}}


def seen(place: Place) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(observe(place, ALERT, now=NOW, timeout_s=5, key=KEY))
    return document


def reasons(document: dict[str, Any]) -> str:
    return " ".join(gap["why"] for gap in document["gaps"])


def test_a_missing_snapshot_is_a_gap(tmp_path: Path) -> None:
    assert "no such file" in reasons(seen(Place("snapshot", str(tmp_path / "nowhere"), "", "demo")))


def test_a_kubeconfig_that_is_not_there_is_a_gap(tmp_path: Path) -> None:
    assert "no kubeconfig" in reasons(seen(Place("kubeconfig", str(tmp_path / "nowhere"), "", "lab")))


def test_a_cluster_that_is_down_is_a_snapshot_with_gaps(tmp_path: Path) -> None:
    kubeconfig = FakeKubernetes(url="http://127.0.0.1:1").kubeconfig(tmp_path)
    document = seen(Place("kubeconfig", kubeconfig, "lab", "lab"))
    assert "can't connect" in reasons(document)
    assert document["alert"]["title"] == "cart is down"
