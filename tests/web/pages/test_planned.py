"""A plan as people read it."""

import json
from typing import Any

import pytest

from tests.web.pages.kept import PLAN, change
from tocsin.deployments.terraform.plan import parse_plan
from tocsin.web.pages import planned
from tocsin.web.pages.planned import PlanView, plan_view


def view(plan: dict[str, Any]) -> PlanView:
    return plan_view(parse_plan(json.dumps({"format_version": "1.2", "resource_changes": []} | plan).encode()))


def test_what_destroys_comes_first() -> None:
    assert [(each.action, each.address) for each in view(PLAN).changes] == [
        ("replace", "cloud_database.main"),
        ("delete", "cloud_rule.legacy"),
        ("update", "cloud_policy.read"),
        ("create", "cloud_bucket.assets"),
    ]
    assert view(PLAN).counts == (("replace", 1), ("delete", 1), ("update", 1), ("create", 1))


def test_a_replacement_says_why_and_which_attribute_forces_it() -> None:
    replaced = view(PLAN).changes[0]
    assert replaced.reason == "a changed attribute can’t be changed in place"
    assert [line.path for line in replaced.lines if line.forces] == ["engine"]


def test_sensitive_values_stay_hidden() -> None:
    replaced = view(PLAN).changes[0]
    (password,) = (line for line in replaced.lines if line.path == "password")
    assert password.before == password.after == "(sensitive value)"


@pytest.mark.parametrize(
    ("entry", "action"),
    [
        (change("a.b", ["no-op"], {}, {}, previous_address="a.c"), "move"),
        (change("a.b", ["no-op"], {}, {}, importing={"id": "i-1"}), "import"),
        (change("a.b", ["forget"], {}, None), "forget"),
        (change("a.b", ["create", "delete"], {}, {}), "replace"),
    ],
)
def test_every_kind_of_change_has_its_word(entry: dict[str, Any], action: str) -> None:
    assert [each.action for each in view({"resource_changes": [entry]}).changes] == [action]


def test_a_long_plan_is_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "MOST_CHANGES", 1)
    monkeypatch.setattr(planned, "MOST_LINES", 1)
    found = view(PLAN)
    assert (len(found.changes), found.hidden) == (1, 3)
    assert (len(found.changes[0].lines), found.changes[0].more) == (1, 2)


def test_drift_is_found_by_its_address() -> None:
    assert [line.after for line in view(PLAN).drift["cloud_rule.web"].lines] == ["8443"]


def test_only_checks_that_failed_are_shown() -> None:
    results = [
        {
            "address": {"to_display": f"check.{status}"},
            "status": status,
            "instances": [{"problems": [{"message": "no"}]}],
        }
        for status in ("pass", "fail", "unknown")
    ]
    assert [check.address for check in view({"checks": results}).failed_checks] == ["check.fail"]
