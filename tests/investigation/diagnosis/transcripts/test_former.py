"""Recordings of an investigator's tools (`tocsin-snapshot/0`) as objects, events and logs."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.investigation.diagnosis.transcripts.printed import POD, PODS, TREE
from tocsin.investigation.diagnosis import Snapshot, parse_snapshot

HELD = {"kind": "Pod", "metadata": {"name": "cart-7d8f9c6b5-x2x4z", "namespace": "shop"}}


def snapshot(outputs: dict[str, str], **sections: Any) -> Snapshot:
    document = {"format": "tocsin-snapshot/0", "namespace": "shop", "extra": {"tool_outputs": outputs}, **sections}
    return parse_snapshot(json.dumps(document).encode())


def test_what_a_tool_printed_becomes_objects_and_events() -> None:
    read = snapshot({"kubectl_describe.txt": POD})
    assert [str(held.subject) for held in read.objects] == ["Pod/shop/cart-7d8f9c6b5-x2x4z"]
    assert [held.reason for held in read.events] == ["Pulled", "Unhealthy"]
    assert read.partial == {"Pod"}


def test_a_stored_object_is_completed() -> None:
    [held, *_] = snapshot({"kubectl_lineage.txt": TREE}, objects=[HELD]).objects
    assert held.value["metadata"]["ownerReferences"][0]["name"] == "cart-7d8f9c6b5"
    assert held.value["status"]["phase"] == "Running"


def test_a_log_without_a_container_finds_its_own() -> None:
    told = {**HELD, "spec": {"containers": [{"name": "app"}]}}
    key = "shop/cart-7d8f9c6b5-x2x4z"
    assert list(snapshot({}, objects=[told], logs={f"{key}/?": {"current": "x"}}).logs) == [f"{key}/app"]


def test_a_page_that_speaks_of_clusters_makes_no_objects() -> None:
    assert snapshot({"fetch_webpage.txt": PODS}, objects=[HELD]).objects[0].value == HELD


@given(
    st.sampled_from([POD, PODS, TREE]),
    st.integers(0, 4000),
    st.lists(st.sampled_from([HELD, {}, 7, {"kind": "Pod", "metadata": 7}])),
)
def test_nothing_raises_whatever_was_recorded(text: str, at: int, objects: list[Any]) -> None:
    snapshot({"kubectl.txt": text[:at]}, objects=objects, logs={"shop/x/?": {"current": "x"}, "odd": {"current": "y"}})
