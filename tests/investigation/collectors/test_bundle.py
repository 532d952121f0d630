import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.investigation.collectors.conftest import KEY
from tests.investigation.diagnosis.transcripts.printed import POD as PRINTED_POD
from tocsin.investigation.collectors import archive
from tocsin.investigation.collectors.bundle import BundleError, load_bundle
from tocsin.investigation.diagnosis import parse_snapshot

SCHEMAS = Path(archive.__file__).parents[1] / "diagnosis" / "schemas"
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "cart-1", "namespace": "shop", "creationTimestamp": "2026-01-02T03:04:05Z"},
    "spec": {"containers": [{"name": "app", "env": [{"name": "DB_PASSWORD", "value": "plain"}]}]},
}
EVENT = {"kind": "Event", "metadata": {"name": "e"}, "lastTimestamp": "2026-01-02T04:00:00Z", "message": "Started"}
NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}}


def bare(obj: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in obj.items() if name not in {"kind", "apiVersion"}}


def load(path: Path, alert: dict[str, Any] | None = None) -> dict[str, Any]:
    data = load_bundle(path, alert=alert, key=KEY)
    parse_snapshot(data)
    document: dict[str, Any] = json.loads(data)
    if document["format"] == "tocsin-snapshot/1":
        jsonschema.validate(document, json.loads((SCHEMAS / "snapshot.json").read_text()))
    return document


def kinds(document: dict[str, Any]) -> list[str]:
    return sorted(found["kind"] for found in document["objects"])


def written(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def dump(folder: Path) -> Path:
    """The layout of `kubectl cluster-info dump --output-directory`."""
    written(folder / "nodes.json", {"kind": "NodeList", "apiVersion": "v1", "items": [bare(NODE)]})
    written(folder / "shop" / "pods.json", {"kind": "PodList", "apiVersion": "v1", "items": [bare(POD)]})
    written(folder / "shop" / "events.json", {"kind": "EventList", "apiVersion": "v1", "items": [bare(EVENT)]})
    written(folder / "shop" / "services.json", {"kind": "ServiceList", "apiVersion": "v1", "items": []})
    log = (
        "==== START logs for container app of pod shop/cart-1 ====\nboom\n"
        "==== END logs for container app of pod shop/cart-1 ====\n"
    )
    written(folder / "shop" / "cart-1" / "logs.txt", log)
    return folder


def test_a_cluster_info_dump_is_read_whole(tmp_path: Path) -> None:
    document = load(dump(tmp_path))
    assert kinds(document) == ["Node", "Pod"]
    assert document["events"][0]["message"] == "Started"
    assert document["logs"] == {"shop/cart-1/app": {"current": "boom\n"}}
    assert document["namespace"] == "shop"


def test_a_list_without_items_says_that_there_are_none(tmp_path: Path) -> None:
    assert load(dump(tmp_path))["collected"] == ["Node", "Pod", "Service"]


def test_a_dump_in_yaml_is_read_too(tmp_path: Path) -> None:
    written(
        tmp_path / "shop" / "pods.yaml", yaml.safe_dump({"kind": "PodList", "apiVersion": "v1", "items": [bare(POD)]})
    )
    assert kinds(load(tmp_path)) == ["Pod"]


def test_a_dump_into_one_stream_is_read_too(tmp_path: Path) -> None:
    folder = dump(tmp_path / "dump")
    stream = "".join(file.read_text() for file in sorted(folder.rglob("*")) if file.is_file())
    document = load(written(tmp_path / "dump.txt", stream))
    assert (kinds(document), list(document["logs"])) == (["Node", "Pod"], ["shop/cart-1/app"])


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(POD),
        json.dumps({"kind": "List", "apiVersion": "v1", "items": [POD]}),
        json.dumps([POD]),
        yaml.safe_dump(POD),
        "---\n" + yaml.safe_dump_all([POD, None]),
    ],
    ids=["object", "list", "array", "yaml", "yaml documents"],
)
def test_what_kubectl_prints_is_read(tmp_path: Path, content: str) -> None:
    document = load(written(tmp_path / "printed", content))
    assert kinds(document) == ["Pod"]
    assert document["objects"][0]["metadata"] == POD["metadata"]


def test_the_time_is_the_latest_that_the_objects_speak_of(tmp_path: Path) -> None:
    written(
        tmp_path / "all.json",
        [POD, EVENT, {"kind": "Certificate", "metadata": {"name": "c"}, "notAfter": "2030-01-01T00:00:00Z"}],
    )
    assert load(tmp_path)["captured_at"] == "2026-01-02T04:00:00Z"


def test_secrets_in_a_bundle_are_redacted(tmp_path: Path) -> None:
    written(tmp_path / "pod.json", POD)
    written(tmp_path / "secret.json", {"kind": "Secret", "metadata": {"name": "s"}, "data": {"k": "cGxhaW4="}})
    written(tmp_path / "shop_cart-1_app.log", "password=plain\n")
    text = json.dumps(load(tmp_path))
    assert "plain" not in text
    assert "cGxhaW4=" not in text


@pytest.mark.parametrize(
    ("name", "run"),
    [
        ("shop_cart-1_app.log", "current"),
        ("shop_cart-1_app.previous.log", "previous"),
        ("logs/shop/cart-1/app.log", "current"),
        ("cluster-resources/pods/logs/shop/cart-1/app-previous.log", "previous"),
    ],
)
def test_a_log_beside_the_objects_is_told_by_its_name(tmp_path: Path, name: str, run: str) -> None:
    written(tmp_path / "pod.json", POD)
    written(tmp_path / name, "boom\n")
    assert load(tmp_path)["logs"] == {"shop/cart-1/app": {run: "boom\n"}}


@pytest.mark.parametrize("form", ["tocsin-snapshot/0", "tocsin-snapshot/1"])
@pytest.mark.parametrize("gzipped", [False, True])
def test_a_snapshot_is_passed_on_redacted(tmp_path: Path, form: str, gzipped: bool) -> None:
    content = json.dumps(
        {"format": form, "captured_at": "2026-01-02T03:04:05Z", "objects": [POD], "events": []}
    ).encode()
    path = tmp_path / "snapshot.json"
    path.write_bytes(gzip.compress(content) if gzipped else content)
    document = load(path)
    assert (document["format"], document["captured_at"]) == (form, "2026-01-02T03:04:05Z")
    assert "plain" not in json.dumps(document)


def test_the_alert_of_the_incident_takes_the_place_of_the_stored_one(tmp_path: Path) -> None:
    path = written(tmp_path / "s.json", {"format": "tocsin-snapshot/1", "alert": {"title": "old"}, "objects": []})
    assert load(path, {"title": "new"})["alert"] == {"title": "new"}
    assert load(path)["alert"] == {"title": "old"}


def test_a_tar_archive_is_read_without_unpacking_it(tmp_path: Path) -> None:
    dump(tmp_path / "bundle")
    path = tmp_path / "bundle.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        tar.add(tmp_path / "bundle", "bundle")
    assert kinds(load(path)) == ["Node", "Pod"]


def test_one_damaged_file_among_good_ones_is_a_gap(tmp_path: Path) -> None:
    written(tmp_path / "pod.json", POD)
    written(tmp_path / "services.json", '{"kind": "List", "items": [')
    (gap,) = load(tmp_path)["gaps"]
    assert gap["what"] == "services.json"


def test_notes_beside_the_objects_are_no_gap(tmp_path: Path) -> None:
    written(tmp_path / "pod.json", POD)
    written(tmp_path / "README.md", "# what we saw: [")
    assert load(tmp_path)["gaps"] == []


def refused(path: Path) -> str:
    with pytest.raises(BundleError) as refusal:
        load(path)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "nowhere")


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: str) -> None:
    assert "empty" in refused(written(tmp_path / "x.json", content))


@pytest.mark.parametrize("content", ["{}", "[1]", "just text", '{"format": "something else"}', "kind: 7", "\x00\x01"])
def test_what_holds_no_objects_says_what_to_give(tmp_path: Path, content: str) -> None:
    assert "kubectl" in refused(written(tmp_path / "x", content))


def test_a_folder_without_objects_says_what_to_give(tmp_path: Path) -> None:
    assert "kubectl" in refused(tmp_path)


def test_a_snapshot_that_is_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "s.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"format": "tocsin-snapshot/1", "objects": [POD] * 99}).encode())[:-20])
    assert "cut off" in refused(path)


def test_more_than_the_bound_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1024 * 1024)
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b" " * 2_000_000))
    assert "more than 1 MiB" in refused(path)


def test_the_bound_holds_for_all_members_of_an_archive_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1024 * 1024)
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        for number in range(9):
            packed = gzip.compress(b" " * 200_000)
            member = tarfile.TarInfo(f"{number}.json.gz")
            member.size = len(packed)
            tar.addfile(member, io.BytesIO(packed))
    assert "more than 1 MiB" in refused(tmp_path / "b.tar")


def test_yaml_that_unfolds_without_end_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    path = written(tmp_path / "bomb.yaml", "kind: ConfigMap\nmetadata: {name: x}\n" + "\n".join(lines))
    monkeypatch.setattr("tocsin.investigation.collectors.documents.MOST_VALUES", 10_000)
    assert "aliases" in refused(path)


def test_a_must_gather_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "quay-io-openshift"
    pods = {"kind": "PodList", "apiVersion": "v1", "items": [POD]}
    written(folder / "namespaces" / "shop" / "core" / "pods.yaml", yaml.safe_dump(pods))
    written(folder / "cluster-scoped-resources" / "core" / "nodes" / "n1.yaml", yaml.safe_dump(NODE))
    written(folder / "namespaces" / "shop" / "pods" / "cart-1" / "cart-1.yaml", "a copy: [")
    written(folder / "event-filter.html", "<html>")
    logs = folder / "namespaces" / "shop" / "pods" / "cart-1" / "app" / "app" / "logs"
    written(logs / "current.log", "boom\n")
    written(logs / "previous.log", "bang\n")
    document = load(tmp_path)
    assert kinds(document) == ["Node", "Pod"]
    assert document["logs"] == {"shop/cart-1/app": {"current": "boom\n", "previous": "bang\n"}}
    assert (document["origin"], document["gaps"]) == ("a must-gather (6 files)", [])


def test_a_support_bundle_is_read(tmp_path: Path) -> None:
    resources = tmp_path / "support-bundle" / "cluster-resources"
    written(resources / "pods" / "shop.json", {"kind": "PodList", "apiVersion": "v1", "items": [bare(POD)]})
    written(resources / "nodes.json", [bare(NODE)])
    written(resources / "events" / "shop.json", [bare(EVENT)])
    written(resources / "secrets-errors.json", ["secrets is forbidden"])
    written(resources / "pods" / "logs" / "shop" / "cart-1" / "app-previous.log", "bang\n")
    document = load(tmp_path)
    assert kinds(document) == ["Node", "Pod"]
    assert document["events"][0]["message"] == "Started"
    assert document["gaps"] == [{"what": "secrets", "why": "secrets is forbidden", "section": "objects"}]
    assert document["origin"] == "a support bundle of troubleshoot.sh (5 files)"


def test_a_zip_archive_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("../../pods.json", json.dumps(POD))
    assert kinds(load(tmp_path / "b.zip")) == ["Pod"]


def test_what_kubectl_prints_for_people_is_read_and_redacted(tmp_path: Path) -> None:
    written(tmp_path / "describe.txt", PRINTED_POD)
    written(tmp_path / "cart-7d8f9c6b5-x2x4z.log", "boom\n")
    document = load(tmp_path)
    assert kinds(document) == ["Pod"]
    assert (document["namespace"], document["captured_at"]) == ("shop", "2026-03-01T12:11:00Z")
    assert document["logs"] == {"shop/cart-7d8f9c6b5-x2x4z/app": {"current": "boom\n"}}
    assert (document["partial"], document["origin"]) == (["Pod"], "kubectl describe (2 files)")
    assert "hunter2" not in json.dumps(document)


def test_both_runs_of_a_pod_are_told_by_the_names_of_their_files(tmp_path: Path) -> None:
    written(tmp_path / "pod.json", POD)
    written(tmp_path / "cart-1.log", "boom\n")
    written(tmp_path / "cart-1.previous.log", "bang\n")
    assert load(tmp_path)["logs"] == {"shop/cart-1/app": {"current": "boom\n", "previous": "bang\n"}}


def test_text_and_objects_are_joined(tmp_path: Path) -> None:
    written(tmp_path / "pod.json", POD)
    written(
        tmp_path / "pods.txt", "NAME     READY   STATUS    RESTARTS   AGE\ncart-1   1/1     Running   0          2d\n"
    )
    [pod] = load(tmp_path)["objects"]
    assert pod["spec"]["containers"][0]["name"] == "app"
    assert pod["status"]["phase"] == "Running"


@pytest.mark.parametrize("name", ["cart-1.log", "shop/cart-1/app.log", "logs/cart-1.txt", "shop/cart-1/logs.txt"])
def test_a_log_that_looks_like_the_output_of_a_tool_makes_no_objects(tmp_path: Path, name: str) -> None:
    written(tmp_path / "pod.json", POD)
    written(tmp_path / name, PRINTED_POD)
    assert [found["metadata"]["name"] for found in load(tmp_path)["objects"]] == ["cart-1"]


def test_a_log_that_claims_to_end_makes_no_objects(tmp_path: Path) -> None:
    edge = "==== {} logs for container app of pod shop/cart-1 ====\n"
    forged = edge.format("START") + "boom\n" + edge.format("END") + json.dumps(NODE) + "\n" + edge.format("END")
    document = load(written(tmp_path / "dump.txt", json.dumps(POD) + "\n" + forged))
    assert kinds(document) == ["Pod"]
    assert '"n1"' in document["logs"]["shop/cart-1/app"]["current"]


def test_a_damaged_file_in_an_archive_is_a_gap(tmp_path: Path) -> None:
    written(tmp_path / "pod.json", POD)
    (tmp_path / "nodes.json.gz").write_bytes(gzip.compress(json.dumps(NODE).encode())[:-9])
    [gap] = load(tmp_path)["gaps"]
    assert gap["what"] == "nodes.json.gz"
    assert "cut off" in gap["why"]


def test_more_files_than_the_bound_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    for number in range(4):
        written(tmp_path / f"{number}.json", POD)
    assert "more than 3 files" in refused(tmp_path)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["pods.yaml", "pods.json"])
def test_reads_files_in_the_unicode_that_their_byte_order_mark_names(tmp_path: Path, name: str, coding: str) -> None:
    noted = {"name": "cart-1", "namespace": "shop", "annotations": {"note": "größer"}}
    told = POD | {"metadata": noted}
    text = yaml.safe_dump(told, allow_unicode=True) if name.endswith("yaml") else json.dumps(told, ensure_ascii=False)
    (tmp_path / name).write_bytes(text.replace("\n", "\r\n").encode(coding))
    [pod] = load(tmp_path / name)["objects"]
    assert pod["metadata"]["annotations"]["note"] == "größer"


def test_reads_a_snapshot_in_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    path.write_bytes(json.dumps({"format": "tocsin-snapshot/1", "objects": [POD]}).encode("utf-16"))
    assert kinds(load(path)) == ["Pod"]


def test_what_people_read_may_be_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "pod.txt"
    path.write_bytes(PRINTED_POD.replace("\n", "\r\n").encode("utf-16"))
    assert kinds(load(path)) == ["Pod"]
