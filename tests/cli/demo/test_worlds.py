"""The demonstration worlds are whole: valid snapshots, true to themselves, with alerts that name what is there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from tocsin.alerts.sources import load_sources
from tocsin.cli.demo.worlds import WORLDS
from tocsin.cli.demo.worlds.alertmanager import fingerprint
from tocsin.cli.demo.worlds.controllers import is_ready
from tocsin.cli.demo.worlds.story import World
from tocsin.investigation.diagnosis import parse_snapshot

NOW = datetime(2026, 3, 14, 3, 7, 21, tzinfo=UTC)
each_world = pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.slug)


@each_world
def test_a_world_is_a_valid_snapshot(world: World) -> None:
    schema = json.loads(files("tocsin.investigation.diagnosis.schemas").joinpath("snapshot.json").read_text())
    Draft202012Validator(schema).validate(world.snapshot(NOW))


@each_world
def test_a_world_is_read_without_gaps(world: World) -> None:
    snapshot = parse_snapshot(json.dumps(world.snapshot(NOW)).encode())
    assert snapshot.gaps == ()
    assert snapshot.captured_at == NOW


@each_world
def test_a_world_is_the_same_every_time_it_is_told(world: World) -> None:
    assert world.snapshot(NOW) == world.snapshot(NOW)


@each_world
def test_nothing_in_a_world_happens_after_it_was_captured(world: World) -> None:
    text = json.dumps(world.snapshot(NOW))
    later = [(NOW + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M") for minutes in range(1, 600)]
    assert [minute for minute in later if minute in text] == []


@each_world
def test_a_world_hides_its_story_among_many_pods(world: World) -> None:
    pods = world.tell(world, NOW).cluster.of("Pod")
    assert 15 <= len(pods) <= 40


@each_world
def test_every_owner_exists(world: World) -> None:
    objects = world.snapshot(NOW)["objects"]
    known = {one["metadata"]["uid"] for one in objects}
    owners = {ref["uid"] for one in objects for ref in one["metadata"].get("ownerReferences", [])}
    assert owners <= known


@each_world
def test_every_pod_stands_on_a_node_that_exists(world: World) -> None:
    cluster = world.tell(world, NOW).cluster
    nodes = {node["metadata"]["name"] for node in cluster.nodes}
    assert {pod["spec"]["nodeName"] for pod in cluster.of("Pod") if "nodeName" in pod["spec"]} <= nodes


@each_world
def test_a_deployment_counts_its_ready_pods(world: World) -> None:
    snapshot = world.snapshot(NOW)
    pods = [one for one in snapshot["objects"] if one["kind"] == "Pod" and is_ready(one)]
    for parent in (one for one in snapshot["objects"] if one["kind"] == "Deployment"):
        selector = parent["spec"]["selector"]["matchLabels"].items()
        ready = sum(selector <= pod["metadata"]["labels"].items() for pod in pods)
        assert parent["status"].get("readyReplicas", 0) == ready


@each_world
def test_alerts_name_pods_and_workloads_that_exist(world: World) -> None:
    names = {one["metadata"]["name"] for one in world.snapshot(NOW)["objects"]}
    for alert in world.alerts(NOW)["alerts"]:
        named = {alert["labels"].get(kind) for kind in ("pod", "deployment", "node")} - {None}
        assert named <= names


@each_world
def test_alerts_are_understood_by_the_alertmanager_source(world: World) -> None:
    body = world.alerts(NOW)
    parsed = load_sources()["alertmanager"].parse(json.dumps(body).encode())
    assert len(parsed.alerts) == len(body["alerts"])


@each_world
def test_a_resolved_body_ends_what_the_firing_one_began(world: World) -> None:
    firing, resolved = world.alerts(NOW), world.resolved(NOW, NOW + timedelta(minutes=4))
    assert [one["fingerprint"] for one in firing["alerts"]] == [one["fingerprint"] for one in resolved["alerts"]]
    assert {one["status"] for one in resolved["alerts"]} == {"resolved"}


def test_a_fingerprint_is_that_of_prometheus() -> None:
    # From prometheus/common, model/signature_test.go: FNV-1a of the empty label set and its offset basis.
    assert fingerprint({}) == "cbf29ce484222325"
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})


def test_no_two_worlds_share_a_name() -> None:
    assert len({world.slug for world in WORLDS}) == len({world.project for world in WORLDS}) == len(WORLDS)


@each_world
def test_no_two_pods_share_an_address(world: World) -> None:
    statuses = [pod["status"] for pod in world.tell(world, NOW).cluster.of("Pod")]
    addresses = [status["podIP"] for status in statuses if "podIP" in status]
    assert len(set(addresses)) == len(addresses)
