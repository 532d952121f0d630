import json
from decimal import Decimal
from typing import Any

import pytest

from tocsin.deployments.terraform.cost import CostError, ResourceCost, parse_cost


def project(before: dict[str, str | None], after: dict[str, str | None], **summary: int) -> dict[str, Any]:
    return {
        "name": "shop",
        "pastBreakdown": {"resources": [{"name": name, "monthlyCost": cost} for name, cost in before.items()]},
        "breakdown": {"resources": [{"name": name, "monthlyCost": cost} for name, cost in after.items()]},
        "summary": summary,
    }


def estimate(*projects: dict[str, Any]) -> bytes:
    totals = {"pastTotalMonthlyCost": "10.5", "totalMonthlyCost": "31"}
    return json.dumps({"version": "0.2", "currency": "EUR", "projects": projects, **totals}).encode()


def test_differences_come_largest_first_and_without_what_stays() -> None:
    cost = parse_cost(estimate(project({"a": "5", "b": "3", "c": "2"}, {"a": "5", "b": "1", "d": "25"})))
    assert (cost.currency, cost.before, cost.after, cost.difference) == (
        "EUR",
        Decimal("10.5"),
        Decimal(31),
        Decimal("20.5"),
    )
    assert [f"{each.address} {each.difference}" for each in cost.resources] == ["d 25", "b -2", "c -2"]
    assert cost.resources[0] == ResourceCost("d", None, Decimal(25), Decimal(25))


def test_resources_without_a_price_are_counted() -> None:
    summary = {"totalUnsupportedResources": 2, "totalNoPriceResources": 1}
    assert parse_cost(estimate(project({}, {"a": None}, **summary))).unpriced == 3


def test_of_several_projects_each_is_named() -> None:
    cost = parse_cost(estimate(project({}, {"a": "1"}), project({}, {"b": "2"})))
    assert [each.address for each in cost.resources] == ["shop: b", "shop: a"]


def test_a_cost_that_is_no_number_is_none() -> None:
    assert parse_cost(estimate(project({}, {"a": "NaN", "b": "1"}))).resources[0].address == "b"


@pytest.mark.parametrize("data", [b"", b"{}", b'{"currency":"EUR","projects":[{"breakdown":7}]}'])
def test_rubbish_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(CostError, match="infracost diff --format json"):
        parse_cost(data)
