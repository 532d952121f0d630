"""Evidence put together."""

from tocsin.investigation.diagnosis.report import Evidence
from tocsin.web.pages.citations import by_reason, gathered


def _evidence(id_: str, ref: str, value: str | bool | None) -> Evidence:
    return Evidence(id_, ref, value, 1.0)


def test_the_same_value_of_several_pods_is_one_item() -> None:
    found = gathered(
        [_evidence("e1", "Pod/a/x#/status/reason", "OOMKilled"), _evidence("e2", "Pod/a/y#/status/reason", "OOMKilled")]
    )
    assert [(item.value, item.id, len(item.places)) for item in found] == [("OOMKilled", "e1", 2)]


def test_the_same_value_of_different_fields_stays_apart() -> None:
    found = gathered([_evidence("e1", "Pod/a/x#/spec/port", "80"), _evidence("e2", "Pod/a/x#/spec/targetPort", "80")])
    assert len(found) == 2


def test_the_same_line_of_several_logs_is_one_item() -> None:
    found = gathered(
        [_evidence("e1", "logs/a/x/c/previous#L3", "panic"), _evidence("e2", "logs/a/y/c/current#L9", "panic")]
    )
    assert len(found) == 1


def test_what_is_no_text_is_written_as_in_json() -> None:
    found = gathered([_evidence("e1", "probes/2#/succeeded", False), _evidence("e2", "probes/2#/latency_ms", None)])
    assert [item.value for item in found] == ["false", "null"]


def test_a_line_of_a_deployments_log_is_read_without_its_colours_and_its_box() -> None:
    line = "\x1b[31m│\x1b[0m \x1b[1mError: no such zone\x1b[0m"
    assert [item.value for item in gathered([_evidence("e1", "deployment/log#L4", line)])] == ["Error: no such zone"]


def test_gaps_with_one_reason_are_one_item() -> None:
    assert by_reason(["pods: no cluster", "logs a/b: 403: no", "nodes: no cluster", "alone"]) == [
        ("no cluster", ["pods", "nodes"]),
        ("403: no", ["logs a/b"]),
        ("alone", []),
    ]
