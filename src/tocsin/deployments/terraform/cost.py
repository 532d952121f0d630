"""Reads a cost estimate: Infracost's JSON (`infracost breakdown|diff --format json`, version 0.2) -> Cost."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class CostError(Exception):
    """Something that is not Infracost's JSON; the message says so in one line."""


class ResourceCost(msgspec.Struct, frozen=True):
    """What one resource costs a month, before and after; None where it was not, or will not be, or has no price."""

    address: str
    before: Decimal | None
    after: Decimal | None
    difference: Decimal


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate, in `currency` a month. `resources`: the largest differences first, without those that cost the same.

    `unpriced` counts resources that the estimate leaves out because it knows no price or does not support them.
    """

    currency: str
    before: Decimal
    after: Decimal
    difference: Decimal
    resources: tuple[ResourceCost, ...] = ()
    unpriced: int = 0


class _Priced(msgspec.Struct, rename="camel"):
    name: str
    monthly_cost: Decimal | None = None


class _Breakdown(msgspec.Struct):
    resources: list[_Priced] | None = None


class _Summary(msgspec.Struct, rename="camel"):
    total_unsupported_resources: int | None = None
    total_no_price_resources: int | None = None


class _Project(msgspec.Struct, rename="camel"):
    past_breakdown: _Breakdown | None = None
    breakdown: _Breakdown | None = None
    summary: _Summary | None = None
    name: str = ""


class _Estimate(msgspec.Struct, rename="camel"):
    currency: str
    projects: list[_Project]
    total_monthly_cost: Decimal | None = None
    past_total_monthly_cost: Decimal | None = None


_DECODER = msgspec.json.Decoder(_Estimate)
_NOTHING = Decimal(0)


def parse_cost(data: bytes) -> Cost:
    """The estimate in `data`. Raises CostError where it is none. With several projects an address bears its project."""
    try:
        estimate = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CostError(f"not Infracost's JSON, as `infracost diff --format json` prints it: {error}") from error
    before, after = (
        _finite(estimate.past_total_monthly_cost) or _NOTHING,
        _finite(estimate.total_monthly_cost) or _NOTHING,
    )
    resources = [each for project in estimate.projects for each in _resources(project, len(estimate.projects) > 1)]
    return Cost(
        currency=estimate.currency,
        before=before,
        after=after,
        difference=after - before,
        resources=tuple(sorted(resources, key=lambda each: (-abs(each.difference), each.address))),
        unpriced=sum(_unpriced(project.summary) for project in estimate.projects if project.summary),
    )


def _resources(project: _Project, several: bool) -> list[ResourceCost]:
    before, after = _prices(project.past_breakdown), _prices(project.breakdown)
    found = []
    for name in {**before, **after}:
        was, will_be = before.get(name), after.get(name)
        difference = (will_be or _NOTHING) - (was or _NOTHING)
        if difference:
            found.append(ResourceCost(f"{project.name}: {name}" if several else name, was, will_be, difference))
    return found


def _prices(breakdown: _Breakdown | None) -> dict[str, Decimal | None]:
    return {each.name: _finite(each.monthly_cost) for each in breakdown.resources or []} if breakdown else {}


def _finite(cost: Decimal | None) -> Decimal | None:
    """The cost, unless it is one of the texts "NaN" and "Infinity", which a decimal may be too."""
    return cost if cost is not None and cost.is_finite() else None


def _unpriced(summary: _Summary) -> int:
    return (summary.total_unsupported_resources or 0) + (summary.total_no_price_resources or 0)
