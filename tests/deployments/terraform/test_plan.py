import json
from typing import Any

import pytest

from tocsin.deployments.terraform.parsed import Counts
from tocsin.deployments.terraform.plan import SENSITIVE, UNKNOWN, Attribute, Change, PlanError, parse_plan


def resource(address: str, actions: list[str], before: Any, after: Any, **more: Any) -> dict[str, Any]:
    outside: dict[str, Any] = {name: more.pop(name) for name in ("previous_address", "deposed") if name in more}
    return {"address": address, **outside, "change": {"actions": actions, "before": before, "after": after, **more}}


def plan(*resources: dict[str, Any], **sections: Any) -> bytes:
    return json.dumps({"format_version": "1.2", "resource_changes": list(resources), **sections}).encode()


def only(document: bytes) -> Change:
    (change,) = parse_plan(document).changes
    return change


def test_an_update_shows_what_differs() -> None:
    before, after = (
        {"size": 1, "tags": {"a": "x"}, "same": True},
        {"size": 2, "tags": {"a": "x", "b": "y"}, "same": True},
    )
    change = only(plan(resource("a_b.c", ["update"], before, after)))
    assert change.action == "update"
    assert change.attributes == (Attribute("size", "1", "2"), Attribute("tags.b", None, '"y"'))


@pytest.mark.parametrize("actions", [["delete", "create"], ["create", "delete"]])
def test_a_replacement_says_what_forces_it(actions: list[str]) -> None:
    change = only(plan(resource("a_b.c", actions, {"az": ["x"]}, {"az": ["y"]}, replace_paths=[["az", 0]])))
    assert (change.action, change.replace_paths) == ("replace", ("az[0]",))
    assert change.attributes == (Attribute("az[0]", '"x"', '"y"', replaces=True),)


def test_what_is_known_only_after_apply_is_said_so() -> None:
    change = only(plan(resource("a_b.c", ["create"], None, {"n": 1}, after_unknown={"id": True, "tags": [False]})))
    assert change.attributes == (Attribute("n", None, "1"), Attribute("id", None, UNKNOWN))


def test_sensitive_values_are_hidden() -> None:
    marks = {"before_sensitive": {"auth": [{"key": True}]}, "after_sensitive": {"auth": [{"key": True}]}}
    change = only(plan(resource("a_b.c", ["update"], {"auth": [{"key": "x"}]}, {"auth": [{"key": "y"}]}, **marks)))
    assert change.attributes == (Attribute("auth[0].key", SENSITIVE, SENSITIVE),)


def test_a_sensitive_part_of_a_value_that_becomes_unknown_is_hidden() -> None:
    marks = {"before_sensitive": {"input": {"key": True}}, "after_unknown": {"input": True}}
    change = only(plan(resource("a_b.c", ["update"], {"input": {"key": "x", "n": 1}}, {}, **marks)))
    assert change.attributes == (Attribute("input", '{"key":"(sensitive value)","n":1}', UNKNOWN),)


def test_what_stays_is_left_out_unless_it_moves_or_is_imported() -> None:
    moved = resource("a_b.new", ["no-op"], {}, {}, previous_address="a_b.old")
    imported = resource("a_b.i", ["no-op"], {}, {}, importing={"id": "i-1"})
    changes = parse_plan(plan(resource("a_b.c", ["no-op"], {}, {}), moved, imported)).changes
    assert [(each.address, each.previous_address, each.importing) for each in changes] == [
        ("a_b.new", "a_b.old", ""),
        ("a_b.i", "", "i-1"),
    ]


def test_counts_are_terraforms() -> None:
    replaced = resource("a_b.r", ["delete", "create"], {}, {})
    added = resource("a_b.n", ["create"], None, {}, importing={"id": "x"})
    gone = resource("a_b.g", ["delete"], {}, None, deposed="ab12")
    read = resource("data.a_b.d", ["read"], None, {})
    assert parse_plan(plan(replaced, added, gone, read)).counts == Counts(add=2, change=0, destroy=2, imported=1)


def test_drift_outputs_checks_and_variables_are_read() -> None:
    drifted = resource("a_b.c", ["delete"], {"id": "1"}, None)
    checks = [
        {"address": {"to_display": "check.tls"}, "status": "fail", "instances": [{"problems": [{"message": "no"}]}]}
    ]
    found = parse_plan(
        plan(
            resource_drift=[drifted, resource("a_b.m", ["no-op"], {}, {})],
            output_changes={"url": {"actions": ["update"], "before": "x", "after": "y"}},
            checks=checks,
            variables={"size": {"value": 3}, "token": {"value": "t0p"}},
            configuration={"root_module": {"variables": {"size": {}, "token": {"sensitive": True}}}},
            errored=True,
        )
    )
    assert [each.address for each in found.drift] == ["a_b.c"]
    assert found.output_changes[0].attributes == (Attribute("", '"x"', '"y"'),)
    assert (found.checks[0].address, found.checks[0].status, found.checks[0].problems) == ("check.tls", "fail", ("no",))
    assert found.variables == {"size": "3", "token": SENSITIVE}
    assert found.errored


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04", "terraform show -json"),
        (b"", "not the JSON of a plan"),
        (b"[" * 100_000, "not the JSON of a plan"),
        (b'{"format_version":"9.0","resource_changes":[]}', "newer"),
        (b'{"format_version":"1.0","values":{}}', "this is a state"),
        (b'{"format_version":"1.0","resource_changes":[{"address":1}]}', "resource_changes[0].address"),
    ],
)
def test_rubbish_is_refused_in_one_line(data: bytes, says: str) -> None:
    with pytest.raises(PlanError) as refused:
        parse_plan(data)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_deep_value_is_no_trouble() -> None:
    deep: Any = 1
    for _ in range(300):
        deep = [deep]
    assert len(only(plan(resource("a_b.c", ["create"], None, {"deep": deep}))).attributes) == 1
