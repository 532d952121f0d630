"""Reading JSON of vendors tolerantly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tocsin.alerts.parsed import BadPayload
from tocsin.alerts.reading import identity, labels, links, objects, read_object, tags, text, title, when

TIME = datetime(2026, 3, 1, 2, 58, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "2026-03-01T02:58:11Z",
        "2026-03-01T04:58:11+0200",
        "2026-03-01T02:58:11.000000000Z",
        1772333891,
        1772333891.0,
        "1772333891000",
        1772333891000000,
        1772333891000000000,
    ],
)
def test_a_time_is_read_in_whatever_form_and_unit(said: Any) -> None:
    assert when({"at": said}, "at") == TIME


@pytest.mark.parametrize(
    "said", ["2026-03-01T02:58:11", "yesterday", "0001-01-01T00:00:00Z", 0, -1, "9" * 400, True, None, {}]
)
def test_what_is_no_time_or_has_no_zone_is_none(said: Any) -> None:
    assert when(said) is None


def test_a_wrong_type_is_as_good_as_nothing() -> None:
    values: list[Any] = ["a ", 3, True, None, [], {}]
    assert [text(value) for value in values] == ["a", "3", "true", "", "", ""]
    assert objects({"a": [{"b": 1}, 2]}, "a") == [{"b": 1}]
    assert text({"a": "word"}, "a", "b") == ""


def test_a_title_is_one_line_of_bearable_length() -> None:
    assert title(None, "", " two\nlines ") == "two lines"
    assert len(title("x" * 9999)) == 500


def test_our_names_stand_beside_those_of_the_vendor() -> None:
    assert labels({"k8s.namespace.name": "shop", "kube_deployment": "cart"}) == {
        "k8s.namespace.name": "shop",
        "kube_deployment": "cart",
        "namespace": "shop",
        "deployment": "cart",
    }


def test_what_already_has_our_name_stays() -> None:
    assert labels({"namespace": "shop", "kube_namespace": "other"})["namespace"] == "shop"


def test_a_host_is_a_node_where_nothing_else_is_named() -> None:
    assert labels({"hostname": "web-1"})["node"] == "web-1"
    assert "node" not in labels({"hostname": "web-1", "service": "cart"})


def test_labels_are_text_without_nul_and_never_empty() -> None:
    assert labels({"a\x00": "b\x00", "n": 1, "list": [1], "": "x", "none": None, "text": "two\nlines"}) == {
        "a�": "b�",
        "n": "1",
    }


def test_tags_come_in_a_list_or_in_one_text() -> None:
    assert tags("env:prod, urgent,url:http://a") == {"env": "prod", "urgent": "true", "url": "http://a"}
    assert tags(["env:prod", 3, None]) == {"env": "prod", "3": "true"}


def test_links_are_addresses_of_the_web() -> None:
    assert links(a="https://a.example", b="javascript:alert(1)", c=None) == {"a": "https://a.example"}


def test_parts_of_an_identity_do_not_run_into_each_other() -> None:
    assert identity("a", "b,c") != identity("a,b", "c")


@pytest.mark.parametrize("body", [b"", b"[]", b"1e999", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_refused_with_what_was_expected(body: bytes) -> None:
    with pytest.raises(BadPayload, match="not a signal: "):
        read_object(body, "a signal")
