"""Reading snapshots: tolerant of odd entries, clear about what is no snapshot."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.investigation.worlds import event, pod, scene, snapshot
from tocsin.investigation.diagnosis import SnapshotError, parse_snapshot
from tocsin.investigation.diagnosis.sections import Gap

NOON, HOUR = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(hours=1)


def test_tells_gzip_by_its_first_bytes() -> None:
    document = scene(pod())
    assert parse_snapshot(gzip.compress(document)).objects == parse_snapshot(document).objects


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b'{"kind": "List"}', 'it has no "format"'),
        (b'{"format": "tocsin-snapshot/9"}', "its format is 'tocsin-snapshot/9'"),
        (gzip.compress(b'{"format": "tocsin-snapshot/1"}', mtime=0)[:-9], "cut off or damaged"),
    ],
)
def test_says_in_one_line_what_to_do(data: bytes, told: str) -> None:
    with pytest.raises(SnapshotError, match=told) as raised:
        parse_snapshot(data)
    assert "\n" not in str(raised.value)


def test_an_odd_object_becomes_a_gap() -> None:
    read = snapshot(pod("cart"), {"kind": "Pod", "metadata": "gone"})
    assert [held.subject.name for held in read.objects] == ["cart-7f9c4d-x2x1q"]
    assert [gap.section for gap in read.gaps] == ["objects"]


def test_an_odd_section_becomes_a_gap() -> None:
    read = snapshot(pod(), probes="none", metrics=[{"name": "latency"}])
    assert [gap.what for gap in read.gaps] == ["metrics/0", "probes"]


def test_keeps_the_gaps_of_the_collector() -> None:
    read = snapshot(gaps=[{"what": "logs shop/cart/app", "why": "403 from the API server", "section": "logs"}])
    assert read.gaps == (Gap("logs shop/cart/app", "403 from the API server", "logs"),)


def test_knows_a_missing_section_from_an_empty_one() -> None:
    assert "probes" in snapshot(probes=[]).sections
    assert "probes" not in snapshot().sections


def test_takes_the_latest_time_where_none_is_told() -> None:
    read = snapshot(event(pod(), "BackOff", "x", at="2026-03-01T11:30:00Z"), captured_at=None)
    assert read.captured_at == datetime(2026, 3, 1, 11, 30, tzinfo=UTC)


def test_keeps_objects_byte_for_byte() -> None:
    odd = '{"kind": "Pod",  "metadata": {"name": "a"}, "x": 1.0}'
    [held] = parse_snapshot(f'{{"format": "tocsin-snapshot/1", "objects": [{odd}]}}'.encode()).objects
    assert bytes(held.raw).decode() == odd


def test_strips_what_the_recorder_puts_before_combined_events() -> None:
    [held] = snapshot(event(pod(), "FailedCreate", "(combined from similar events): refused")).events
    assert held.message == "refused"


def test_reads_events_of_the_newer_api() -> None:
    newer = {
        "kind": "Event",
        "regarding": {"kind": "Pod", "name": "a"},
        "note": "x",
        "eventTime": "2026-03-01T11:00:00Z",
    }
    [held] = snapshot(newer).events
    assert (held.message, held.message_pointer, held.place) == ("x", "/note", "events/0")


def former(**extra: object) -> bytes:
    return json.dumps({"format": "tocsin-snapshot/0", "extra": extra}).encode()


def test_reads_connections_of_the_former_format() -> None:
    told = "deployed on worker-1: cart open\nConnection Succeeded\ndeployed on worker-2:\nConnection Failed"
    probes = parse_snapshot(former(connectivity={"cart:80": told})).probes
    assert [(probe.source, probe.succeeded) for probe in probes] == [("worker-1", True), ("worker-2", False)]


def test_an_answer_may_stand_in_the_line_of_who_asked() -> None:
    told = "deployed on worker-1: Connection Failed\ndeployed on worker-2: cart open\nConnection Succeeded"
    probes = parse_snapshot(former(connectivity={"cart:80": told})).probes
    assert [(probe.source, probe.succeeded) for probe in probes] == [("worker-1", False), ("worker-2", True)]


def test_reads_node_services_of_the_former_format() -> None:
    [held] = parse_snapshot(former(node_services={"a/kubelet": "Active: inactive (dead) since Sun"})).node_services
    assert (held.node, held.service, held.active) == ("a", "kubelet", False)


def test_does_not_take_an_unread_service_for_a_dead_one() -> None:
    assert parse_snapshot(former(node_services={"a/kubelet": "timeout"})).node_services == ()


def test_reads_calls_of_the_former_format() -> None:
    told = "[Service]: web\n[Downstream (Calls)]:\nweb\n├── cart\n│   └── db\n└── orders   <-- (Database)"
    calls = parse_snapshot(former(service_dependencies={"web": told})).dependencies
    assert [(call.caller, call.callee) for call in calls] == [("web", "cart"), ("web", "orders")]


def test_reads_measurements_of_services_and_nodes_in_alerts_of_the_former_format() -> None:
    told = [
        {
            "type": "Node",
            "name": "worker-1",
            "evidence": ["[TCP Retransmission] | Normal=0.00retrans -> Current=0.92retrans"],
        },
        {
            "type": "Service",
            "name": "web",
            "evidence": ["LATENCY_MISSING [Data Vanished] | Metrics dropped to zero/NaN"],
        },
    ]
    document = {"format": "tocsin-snapshot/0", "alerts": {"alerts": told}}
    held = parse_snapshot(json.dumps(document).encode()).metrics
    assert [(m.about.kind, m.name, m.value, m.baseline) for m in held] == [
        ("Node", "TCP Retransmission", 0.92, 0.0),
        ("Service", "latency_missing", 1.0, None),
    ]


def test_a_log_under_a_key_that_names_no_container_is_a_gap() -> None:
    read = parse_snapshot(
        b'{"format": "tocsin-snapshot/1", "logs": {"shop/cart": {}, "shop//app": {}, "shop/a/b/c": {}}}'
    )
    assert (dict(read.logs), len(read.gaps)) == ({}, 3)


def test_a_time_is_within_a_span_or_beyond_it_and_at_its_end_neither() -> None:
    read = snapshot(captured_at="2026-03-01T12:00:00Z")
    told = [(read.within(at, HOUR), read.beyond(at, HOUR)) for at in (NOON - HOUR / 2, NOON - HOUR, NOON - 2 * HOUR)]
    assert told == [(True, False), (False, False), (False, True)]


def test_a_time_that_nobody_knows_is_neither_within_nor_beyond_a_span() -> None:
    undated = snapshot(captured_at=None)
    assert not any(ask(at, HOUR) for ask, at in ((undated.within, NOON), (undated.beyond, NOON)))
    assert not snapshot().within(None, HOUR)
    assert not snapshot().beyond(None, HOUR)
