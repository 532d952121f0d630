import json

import pytest

from tocsin.investigation.collectors.promql import (
    MOST_OF_ONE,
    Query,
    Series,
    entries,
    names_query,
    parse_names,
    parse_vector,
    queries,
)

LATENCY = Query("request_latency", "seconds", "x", "x", ("Pod", "pod"))


def series(pod: str, **labels: str) -> Series:
    return tuple(sorted({"namespace": "shop", "pod": pod, **labels}.items()))


def test_a_question_is_about_its_namespaces_alone() -> None:
    asked = queries(["shop", "data"])
    assert all(f'{query.namespace}=~"shop|data"' in query.expression for query in asked)


def test_a_name_from_an_alert_can_not_leave_its_quotes() -> None:
    (first, *_) = queries(['x"} or up{a="'])
    assert r'namespace=~"x\"\\}\\ or\\ up\\{a=\""' in first.expression


def test_every_question_says_what_it_needs() -> None:
    asked = queries(["shop"])
    assert all(query.needs.removesuffix("_count") in query.expression for query in asked)
    assert '"container_cpu_cfs_periods_total|' in names_query(asked)


def test_errors_are_a_share_of_all_requests_and_none_is_zero() -> None:
    (found,) = [q for q in queries(["shop"]) if q.needs == "grpc_server_handled_total" and q.unit == "ratio"]
    assert found.expression.endswith(
        '* 0) / sum by (namespace, pod) (rate(grpc_server_handled_total{namespace=~"shop"}[5m]))'
    )


def test_an_answer_is_read_and_what_is_no_number_left_out() -> None:
    result = [{"metric": {"pod": "a"}, "value": [1, "0.5"]}, {"metric": {"pod": "b"}, "value": [1, "NaN"]}]
    body = json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}).encode()
    assert parse_vector(body) == {(("pod", "a"),): 0.5}
    assert parse_names(b'{"status": "success", "data": ["up"]}') == {"up"}


def test_a_measurement_says_of_what_and_what_was_usual() -> None:
    (found,) = entries(LATENCY, {series("a", code="200"): 0.9}, {series("a", code="200"): 0.1})
    assert found == {
        "name": "request_latency",
        "value": 0.9,
        "unit": "seconds",
        "about": {"kind": "Pod", "namespace": "shop", "name": "a"},
        "labels": {},
        "baseline": 0.1,
    }


@pytest.mark.parametrize(("value", "usual", "told"), [(0.0, 0.0, 0), (0.0, 3.0, 1), (3.0, 0.0, 1)])
def test_nothing_then_and_nothing_now_is_not_told(value: float, usual: float, told: int) -> None:
    assert len(list(entries(LATENCY, {series("a"): value}, {series("a"): usual}))) == told


def test_of_many_the_largest_are_kept() -> None:
    many = {series(f"p{n}"): float(n) for n in range(MOST_OF_ONE + 50)}
    found = list(entries(LATENCY, many, {}))
    assert (len(found), found[0]["value"], "baseline" in found[0]) == (MOST_OF_ONE, MOST_OF_ONE + 49, False)
