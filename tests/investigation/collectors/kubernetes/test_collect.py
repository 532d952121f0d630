import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.investigation.collectors.conftest import KEY
from tests.investigation.fake_kubernetes import FakeKubernetes, Object, serving
from tests.investigation.fake_prometheus import prometheus
from tocsin.investigation import diagnosis
from tocsin.investigation.collectors.kubernetes import collect as module
from tocsin.investigation.collectors.kubernetes.client import connect
from tocsin.investigation.collectors.kubernetes.collect import Also, collect
from tocsin.investigation.collectors.kubernetes.journal import Journal
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
        data = await collect(client, alert, now=NOW, timeout_s=timeout_s, key=KEY, also=Also(secret_metadata=secrets))
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
        assert not any(path.endswith("/secrets") for path in fake.paths)
    assert "plain" not in json.dumps(document)


async def test_secrets_that_may_be_listed_come_without_values(tmp_path: Path) -> None:
    async with serving([*SHOP, obj("Secret", "s", data={"k": "cGxhaW4="})], LOGS) as fake:
        document = await look(fake, tmp_path, secrets=True)
        (asked,) = [request for request in fake.seen if request.path.endswith("/secrets")]
        assert "as=PartialObjectMetadataList" in asked.headers["Accept"]
    assert names(document, "Secret") == {"s"}
    assert "cGxhaW4=" not in json.dumps(document)


async def test_objects_come_as_they_are(tmp_path: Path) -> None:
    service = obj("Service", "cart", spec={"ports": [{"port": 80}], "ü": "x\n"})
    async with serving([*SHOP, service]) as fake:
        document = await look(fake, tmp_path)
    assert {**service, "apiVersion": "v1"} in document["objects"]


def reading(config_map: str) -> Object:
    """A pod that reads its environment from a ConfigMap."""
    container = {"name": "app", "envFrom": [{"configMapRef": {"name": config_map}}]}
    return obj("Pod", "cart-2", spec={"containers": [container]}, status={"phase": "Running"})


async def test_config_maps_that_nobody_reads_come_without_contents(tmp_path: Path) -> None:
    read, unread = obj("ConfigMap", "read", data={"a": "1"}), obj("ConfigMap", "unread", data={"b": "2"})
    async with serving([*SHOP, reading("read"), read, unread]) as fake:
        document = await look(fake, tmp_path)
    contents = {
        found["metadata"]["name"]: found.get("data") for found in document["objects"] if found["kind"] == "ConfigMap"
    }
    assert contents == {"read": {"a": "1"}, "unread": None}
    assert "ConfigMap" in document["collected"]


async def test_many_config_maps_are_read_in_one_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_SINGLE_READS", 0)
    async with serving([*SHOP, reading("read"), obj("ConfigMap", "read", data={"a": "1"})]) as fake:
        document = await look(fake, tmp_path)
        assert fake.paths.count("/api/v1/namespaces/shop/configmaps") == 2
    assert [found["data"] for found in document["objects"] if found["kind"] == "ConfigMap"] == [{"a": "1"}]


async def test_contents_that_are_refused_leave_no_config_map_that_looks_empty(tmp_path: Path) -> None:
    async with serving([*SHOP, reading("read"), obj("ConfigMap", "read", data={"a": "1"})]) as fake:
        fake.always["configmaps/read"] = 403
        document = await look(fake, tmp_path)
    assert names(document, "ConfigMap") == set()
    assert "ConfigMap" not in document["collected"]
    assert "contents: 403" in gaps(document)["configmaps"]


async def test_a_namespace_that_is_named_is_read_too(tmp_path: Path) -> None:
    container = {"name": "app", "env": [{"name": "DB", "value": "postgres://db.data.svc.cluster.local:5432/shop"}]}
    caller = obj("Pod", "cart-2", spec={"containers": [container]}, status={"phase": "Running"})
    data = [obj("Namespace", "data", ""), obj("Pod", "db-0", "data"), obj("Pod", "x", "elsewhere")]
    async with serving([*SHOP, caller, *data]) as fake:
        document = await look(fake, tmp_path)
    assert names(document, "Pod") == {"cart-1", "cart-2", "db-0"}


async def test_a_namespace_that_can_be_read_in_part_only_is_left_out(tmp_path: Path) -> None:
    async with serving([*SHOP, obj("Pod", "coredns-1", "kube-system", status={"phase": "Failed"})]) as fake:
        fake.always["daemonsets"] = 403
        document = await look(fake, tmp_path)
    assert names(document, "Pod") == {"cart-1"}
    assert "daemonsets: 403" in gaps(document)["namespace kube-system"]


async def test_of_what_runs_on_every_node_the_nodes_in_question_are_kept(tmp_path: Path) -> None:
    well = {"phase": "Running", "containerStatuses": [{"name": "app", "ready": True}]}

    def on(node: str, owner: str) -> Object:
        made = obj("Pod", f"{owner}-{node}", "kube-system", spec={"nodeName": node}, status=well)
        made["metadata"]["ownerReferences"] = [
            {"kind": "DaemonSet" if owner == "proxy" else "ReplicaSet", "name": owner}
        ]
        return made

    system = [on("n2", "proxy"), on("n1", "proxy"), on("n3", "proxy"), on("n3", "dns")]
    async with serving([*SHOP, obj("Pod", "cart-2", spec={"nodeName": "n1"}), *system]) as fake:
        document = await look(fake, tmp_path)
    # the first one stands for the others, so that whatever selects them is not left without any
    assert names(document, "Pod") == {"cart-1", "cart-2", "proxy-n2", "proxy-n1", "dns-n3"}


async def test_of_many_namespaces_that_are_named_some_are_read_and_the_others_said(tmp_path: Path) -> None:
    told = [{"name": f"V{n}", "value": f"http://api.other-{n}:80"} for n in range(5)]
    caller = obj("Pod", "cart-2", spec={"containers": [{"name": "app", "env": told}]}, status={"phase": "Running"})
    spaces = [obj("Namespace", f"other-{n}", "") for n in range(5)]
    async with serving([*SHOP, caller, *spaces]) as fake:
        document = await look(fake, tmp_path)
    assert [what for what in gaps(document) if what.startswith("namespace")] == [
        "namespace other-3",
        "namespace other-4",
    ]


async def test_use_becomes_measurements(tmp_path: Path) -> None:
    used = obj("PodMetrics", "cart-1", containers=[{"name": "app", "usage": {"cpu": "250m", "memory": "64Mi"}}])
    async with serving([*SHOP, used]) as fake:
        document = await look(fake, tmp_path)
    about = {"kind": "Pod", "namespace": "shop", "name": "cart-1"}
    assert [(found["name"], found["value"], found["unit"]) for found in document["metrics"]] == [
        ("container_cpu_usage", 0.25, "cores"),
        ("container_memory_working_set", 64 * 2**20, "bytes"),
    ]
    assert all(found["about"] == about for found in document["metrics"])


async def test_a_prometheus_is_asked_about_the_namespaces_that_were_read(tmp_path: Path) -> None:
    async with serving(SHOP, LOGS) as fake, prometheus() as metrics:
        metrics.values = {"kube_pod_container_status_restarts_total": {"cart-1": 3.0}}
        async with connect(fake.kubeconfig(tmp_path)) as client:
            data = await collect(client, CART, now=NOW, timeout_s=10, key=KEY, also=Also(prometheus=metrics.url))
        assert all('namespace=~"shop"' in asked for asked in metrics.asked[1:])
    (metric,) = parse_snapshot(data).metrics
    assert (metric.name, metric.value, metric.about.name) == ("container_restarts", 3.0, "cart-1")


async def test_services_around_are_probed_when_asked_to(tmp_path: Path) -> None:
    spec = {"clusterIP": "127.0.0.1", "ports": [{"port": 1, "protocol": "TCP"}]}
    fronted = [*SHOP, obj("Service", "cart", spec=spec)]
    async with serving(fronted, LOGS) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        data = await collect(client, CART, now=NOW, timeout_s=10, key=KEY, also=Also(probe=True))
    assert [gap.what for gap in parse_snapshot(data).gaps] == ["probes"]


async def test_what_was_changed_while_somebody_watched_is_told(tmp_path: Path) -> None:
    journal = Journal(KEY)
    for host in ("a", "b"):
        journal.put("ConfigMap", obj("ConfigMap", "settings", data={"HOST": host}), NOW, is_new=False)
    journal.gaps["nodes"] = "403 from the API server"
    async with serving(SHOP, LOGS) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        snapshot = parse_snapshot(
            await collect(client, CART, now=NOW, timeout_s=10, key=KEY, also=Also(journal=journal))
        )
    assert [(change.field, change.old, change.new) for change in snapshot.changes] == [("/data/HOST", "a", "b")]
    assert [str(gap) for gap in snapshot.gaps] == ["changes of nodes: 403 from the API server"]


async def test_in_a_big_cluster_without_a_hint_it_looks_where_trouble_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    monkeypatch.setattr(module, "MOST_TROUBLED", 1)
    well = obj("Pod", "well", "calm", status={"phase": "Running"})
    async with serving([*SHOP, well]) as fake:
        document = await look(fake, tmp_path, {"title": "something"})
    assert names(document, "Pod") == {"cart-1"}
    assert gaps(document)["other namespaces"].startswith("1 namespaces with 1 pods were only looked over; 0 of them")


async def test_a_pod_that_is_not_shaped_like_one_is_kept(tmp_path: Path) -> None:
    async with serving([*SHOP, obj("Pod", "odd", spec={"containers": "none"})]) as fake:
        document = await look(fake, tmp_path)
    assert names(document, "Pod") == {"cart-1", "odd"}


async def test_a_refused_kind_is_a_gap_and_not_an_empty_list(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        fake.always["nodes"] = 403
        document = await look(fake, tmp_path)
    assert "403 from the API server" in gaps(document)["nodes"]
    assert "Node" not in document["collected"]
    assert "ConfigMap" in document["collected"]


async def test_where_namespaces_may_not_be_listed_the_own_one_is_read(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        fake.faults["namespaces"] = [403]
        document = await look(fake, tmp_path)
    assert names(document, "Namespace") == {"shop"}
    assert "403" in gaps(document)["namespaces"]
    assert "Namespace" not in document["collected"]


async def test_refused_events_leave_the_section_out(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        fake.always["events"] = 403
        document = await look(fake, tmp_path)
    assert "events" not in document
    assert "403" in gaps(document)["events"]


@pytest.mark.parametrize("aggregated", [True, False])
async def test_what_the_cluster_does_not_know_is_not_there(tmp_path: Path, aggregated: bool) -> None:
    async with serving(SHOP, LOGS) as fake:
        fake.aggregated = aggregated
        fake.missing_groups, fake.missing_resources = {"gateway.networking.k8s.io"}, {"rollouts"}
        document = await look(fake, tmp_path)
        assert not any("gateway.networking" in path for path in fake.paths)
    assert {"HTTPRoute", "Rollout"} <= set(document["collected"])
    assert document["gaps"] == []


async def test_without_knowing_what_is_served_a_missing_kind_is_a_gap(tmp_path: Path) -> None:
    async with serving(SHOP, LOGS) as fake:
        fake.always["apis"] = 403
        fake.missing_resources = {"rollouts"}
        document = await look(fake, tmp_path)
    assert "404" in gaps(document)["rollouts"]
    assert names(document, "Pod") == {"cart-1"}


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
        fake.always["apis"] = 401
        document = await look(fake, tmp_path)
    assert len(document["gaps"]) == 3


async def test_a_name_that_climbs_out_of_its_path_is_a_gap(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        document = await look(
            fake, tmp_path, {"resource": {"namespace": "../../nodes/n1/proxy", "name": "x", "kind": "Pod"}}
        )
        assert not any("proxy" in path for path in fake.paths)
    assert "is not a path" in gaps(document)["pods"]


async def test_a_kind_that_is_not_read_is_a_gap(tmp_path: Path) -> None:
    async with serving(SHOP) as fake:
        document = await look(fake, tmp_path, {"resource": {"kind": "Widget", "namespace": "shop", "name": "cart"}})
    assert "not a kind" in gaps(document)["Widget cart"]


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
