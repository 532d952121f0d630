"""A plan as people read it: what would be replaced and destroyed first, each change as a difference. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.deployments.terraform.plan import Change, Check, Plan
from tocsin.web.pages.difference import DiffLine, differences

MOST_CHANGES = 200
MOST_LINES = 200
# Those that destroy something come first: they are what one must not overlook.
ORDER = ("replace", "delete", "forget", "update", "create", "import", "move", "read")
# `action_reason` of the plan's format: https://developer.hashicorp.com/terraform/internals/json-format
_REASONS = {
    "replace_because_tainted": "it is marked as tainted",
    "replace_because_cannot_update": "a changed attribute can’t be changed in place",
    "replace_by_request": "asked for with -replace",
    "replace_by_triggers": "something it is tied to by replace_triggered_by changes",
    "delete_because_no_resource_config": "it is no longer in the configuration",
    "delete_because_wrong_repetition": "count or for_each was added or removed",
    "delete_because_count_index": "its index is beyond the count",
    "delete_because_each_key": "its key is not in for_each any more",
    "delete_because_no_module": "its module is no longer in the configuration",
    "delete_because_no_move_target": "what it was to be moved to is not in the configuration",
    "read_because_config_unknown": "its configuration is known only after the apply",
    "read_because_dependency_pending": "something it depends on changes",
    "read_because_check_nested": "it belongs to a check",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """What happens to one resource instance or output, with at most MOST_LINES lines; `more`: how many there are beyond."""

    change: Change
    action: str
    lines: tuple[DiffLine, ...]
    more: int

    @property
    def address(self) -> str:
        """Whose change it is."""
        return self.change.address

    @property
    def destroys(self) -> bool:
        """Whether something that exists is destroyed."""
        return self.action in ("replace", "delete")

    @property
    def reason(self) -> str:
        """Why, in words; empty where the plan does not say."""
        return _REASONS.get(self.change.action_reason, "")


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan laid out. `hidden`: how many changes are not shown; `counts`: of resources by action, in order."""

    changes: tuple[Planned, ...]
    outputs: tuple[Planned, ...]
    drift: Mapping[str, Planned]
    failed_checks: tuple[Check, ...]
    counts: tuple[tuple[str, int], ...]
    hidden: int
    errored: bool


def plan_view(plan: Plan) -> PlanView:
    """A plan laid out for reading."""
    found = sorted(plan.changes, key=lambda change: (ORDER.index(_action(change)), change.address))
    counted = Counter(map(_action, found))
    return PlanView(
        changes=_laid_out(found[:MOST_CHANGES]),
        outputs=_laid_out(plan.output_changes),
        drift={each.address: each for each in _laid_out(plan.drift)},
        failed_checks=tuple(check for check in plan.checks if check.status in ("fail", "error")),
        counts=tuple((action, counted[action]) for action in ORDER if counted[action]),
        hidden=max(0, len(found) - MOST_CHANGES),
        errored=plan.errored,
    )


def _laid_out(changes: Iterable[Change]) -> tuple[Planned, ...]:
    found = []
    for change in changes:
        lines = tuple(differences(change.attributes))
        found.append(Planned(change, _action(change), lines[:MOST_LINES], max(0, len(lines) - MOST_LINES)))
    return tuple(found)


def _action(change: Change) -> str:
    """The plan's action, or what else is noted of a resource that stays as it is."""
    if change.action != "no-op":
        return change.action
    return "import" if change.importing else "move"
