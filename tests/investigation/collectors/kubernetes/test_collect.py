import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.investigation.collectors.conftest import KEY
from tests.investigation.fake_kubernetes import FakeKubernetes, Object, serving
from tocsin.investigation import diagnosis
from tocsin.investigation.collectors.kubernetes.client import connect
from tocsin.investigation.collectors.kubernetes.collect import collect
from tocsin.investigation.diagnosis import parse_snapshot

pytestmark = pytest.mark.anyio
SCHEMA = Path(diagnosis.__file__).parent / "schemas" / "snapshot.json"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CART = {"title": "cart is down", "resource": {"kind": "Deployment", "namespace": "shop", "name": "cart"}}


def obj(kind: str, name: str, namespace: str = "shop", **more: object) -> Object:
    return {"kind": kind, "metadata": {"name": name, "namespace": namespace, "uid": f"{kind}-{name}"}, **more}


def crashing(name: str) -> Object:
    status = {"name": "app", "restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}
    return obj("Pod", name, status={"phase": "Running", "containerStatuses": [status]})


SHOP = [{"kind": "Namespace", "metadata": {"name": "shop", "uid": "ns"}}, crashing("cart-1")]
LOGS = {"shop/cart-1/app/current": "boom\n", "shop/cart-1/app/previous": "password=plain\nboom\n"}


async def look(
    fake: FakeKubernetes, folder: Path, alert: dict[str, Any] = CART, *, timeout_s: float = 10, secrets: bool = False
) -> dict[str, Any]:
    async with connect(fake.kubeconfig(folder)) as client:
        data = await collect(client, alert, now=NOW, timeout_s=timeout_s, key=KEY, secret_metadata=secrets)
    assert parse_snapshot(data).captured_at == NOW
    document: dict[str, Any] = json.loads(data)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    return document


def names(document: dict[str, Any], kind: str) -> set[str]:
    return {found["metadata"]["name"] for found in document["objects"] if found["kind"] == kind}


def gaps(document: dict[str, Any]) -> dict[str, str]:
    return {gap["what"]: gap["why"] for gap in document["gaps"]}


async def test_a_look_holds_objects_events_and_logs(tmp_path: Path) -> None:
    async with serving(
        [*SHOP, obj("Event", "e1"), obj("Node", "n1", ""), obj("Pod", "other", "elsewhere")], LOGS
    ) as fake:
        document = await look(fake, tmp_path)
    assert names(document, "Pod") == {"cart-1"}
    assert names(document, "Node") == {"n1"}
    assert [event["metadata"]["name"] for event in document["events"]] == ["e1"]
    assert document["logs"]["shop/cart-1/app"]["current"] == "boom\n"
    assert (document["cluster"], document["namespace"], document["gaps"]) == ("lab-cluster", "shop", [])


async def test_secrets_are_never_asked_for_and_never_kept(tmp_path: Path) -> None:
    settings = obj("ConfigMap", "settings", data={"url": "postgres://app:plain@db/shop"})
    async with serving([*SHOP, settings, obj("Secret", "s", data={"k": "cGxhaW4="})], LOGS) as fake:
        document = await look(fake, tmp_path)
        assert not any("secrets" in path for path in fake.paths)
    assert "plain" not in json.dumps(document)


async def test_secrets_that_may_be_listed_come_without_values(tmp_path: Path) -> None:
    async with serving([*SHOP, obj("Secret", "s", data={"k": "cGxhaW4="})], LOGS) as fake:
        document = await look(fake, tmp_path, secrets=True)
        (asked,) = [request for request in fake.seen if request.path.endswith("/secrets")]
        assert "as=PartialObjectMetadataList" in asked.headers["Accept"]
    assert names(document, "Secret") == {"s"}
    assert "cGxhaW4=" not in json.dumps(document)


async def test_objects_come_as_they_are(tmp_path: Path) -> None:
    managed = [{"manager": "kubectl-edit", "time": "2026-01-01T00:00:00Z", "fieldsV1": {"f:data": {}}}]
    settings = obj("ConfigMap", "settings", data={"a": "1", "ü": "x\n"})
    settings["metadata"]["managedFields"] = managed
    async with serving([*SHOP, settings]) as fake:
        document = await look(fake, tmp_path)
    (found,) = [found for found in document["objects"] if found["kind"] == "ConfigMap"]
    assert found == {**settings, "apiVersion": "v1"}


async def test_a_refused_kind_is_a_gap_and_not_an_empty_list(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        fake.always["nodes"] = 403
        document = await look(fake, tmp_path)
    assert "403 from the API server" in gaps(document)["nodes"]
    assert "Node" not in document["collected"]
    assert "ConfigMap" in document["collected"]


async def test_refused_events_leave_the_section_out(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        fake.always["events"] = 403
        document = await look(fake, tmp_path)
    assert "events" not in document
    assert "403" in gaps(document)["events"]


async def test_an_api_group_that_the_cluster_lacks_holds_nothing(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        fake.missing_groups = {"gateway.networking.k8s.io", "metrics.k8s.io"}
        document = await look(fake, tmp_path)
    assert "HTTPRoute" in document["collected"]
    assert document["gaps"][0]["what"].startswith("logs")


async def test_an_api_version_that_the_cluster_lacks_is_a_gap(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        fake.always["horizontalpodautoscalers"] = 404
        document = await look(fake, tmp_path)
    assert "404" in gaps(document)["horizontalpodautoscalers"]


async def test_what_takes_too_long_is_a_gap_and_the_rest_is_kept(tmp_path: Path) -> None:
    async with serving(SHOP, LOGS) as fake:
        fake.hanging = {"configmaps", "log"}
        document = await look(fake, tmp_path, timeout_s=0.6)
    assert "not read in full" in gaps(document)["configmaps"]
    assert "not read within" in gaps(document)["logs shop/cart-1/app"]
    assert names(document, "Pod") == {"cart-1"}


async def test_an_unreachable_cluster_is_a_snapshot_of_gaps(tmp_path: Path) -> None:
    async with serving() as fake:
        pass
    document = await look(fake, tmp_path)
    assert {gap["section"] for gap in document["gaps"]} == {"objects", "events", "logs"}
    assert "can't connect" in gaps(document)["objects"]
    assert "objects" not in document


async def test_a_refused_token_is_one_gap_a_section(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        fake.always["namespaces"] = 401
        document = await look(fake, tmp_path)
    assert len(document["gaps"]) == 3


async def test_a_name_that_climbs_out_of_its_path_is_a_gap(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        document = await look(
            fake, tmp_path, {"resource": {"namespace": "../../nodes/n1/proxy", "name": "x", "kind": "Pod"}}
        )
        assert fake.paths == []
    assert "is not a path" in gaps(document)["objects"]


async def test_a_kind_that_is_not_read_is_a_gap(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        document = await look(fake, tmp_path, {"resource": {"kind": "Rollout", "namespace": "shop", "name": "cart"}})
    assert "not a kind" in gaps(document)["Rollout cart"]


async def test_a_node_is_looked_at_with_its_pods_wherever_they_live(tmp_path: Path) -> None:
    on_it = obj("Pod", "a", spec={"nodeName": "n1"})
    off_it = obj("Pod", "b", "elsewhere", spec={"nodeName": "n2"})
    async with serving([on_it, off_it, obj("Node", "n1", "")]) as fake:
        document = await look(fake, tmp_path, {"resource": {"kind": "Node", "name": "n1"}})
    assert names(document, "Pod") == {"a"}
    assert "Pod" not in document["collected"]


async def test_an_alert_without_a_resource_is_looked_at_cluster_wide(tmp_path: Path) -> None:
    async with serving([*SHOP, obj("Pod", "other", "elsewhere")]) as fake:
        document = await look(fake, tmp_path, {"title": "something"})
    assert names(document, "Pod") == {"cart-1", "other"}
    assert document["alert"]["resource"] is None


async def test_a_long_log_keeps_its_newest_whole_lines(tmp_path: Path) -> None:
    lines = "".join(f"{n} {'x' * 1000}\n" for n in range(500))
    async with serving(SHOP, {"shop/cart-1/app/current": lines}) as fake:
        document = await look(fake, tmp_path)
    kept = document["logs"]["shop/cart-1/app"]["current"].splitlines()
    assert kept[-1].startswith("499 ")
    assert all(len(line) > 1000 for line in kept)
