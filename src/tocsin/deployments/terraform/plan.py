"""Reads a plan: the JSON of `terraform show -json PLANFILE` -> Plan, with what differs in every change.

Format: https://developer.hashicorp.com/terraform/internals/json-format, major versions 0 and 1; OpenTofu writes the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from tocsin.deployments.terraform.parsed import Counts

SENSITIVE = "(sensitive value)"
UNKNOWN = "(known after apply)"
MOST_ATTRIBUTES = 500
LONGEST_VALUE = 4_000
_DEEPEST = 60

PlanAction = Literal["create", "update", "delete", "replace", "read", "forget", "no-op"]


class PlanError(Exception):
    """Something that is not a plan's JSON; the message says in one line what it is or what to do."""


class Attribute(msgspec.Struct, frozen=True):
    """One value that differs. `before` and `after` are JSON, or None where there is none, or SENSITIVE or UNKNOWN."""

    path: str
    before: str | None
    after: str | None
    replaces: bool = False


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of one resource instance, or what became of it outside (in `Plan.drift`).

    `actions` are the plan's own (a replacement is ["delete", "create"] or the other way round). `importing` is the id of
    an object to be imported. `deposed` is the key of an object that a replacement left behind.
    """

    address: str
    action: PlanAction
    actions: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    replace_paths: tuple[str, ...] = ()
    importing: str = ""
    previous_address: str = ""
    deposed: str = ""
    action_reason: str = ""
    provider: str = ""


class Check(msgspec.Struct, frozen=True):
    """A `check` block, or a condition of a resource or an output. status: pass, fail, error or unknown."""

    address: str
    status: str
    problems: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan. `changes` leaves out what stays as it is; `variables` are as JSON, or SENSITIVE."""

    changes: tuple[Change, ...] = ()
    drift: tuple[Change, ...] = ()
    output_changes: tuple[Change, ...] = ()
    checks: tuple[Check, ...] = ()
    counts: Counts = Counts()
    variables: dict[str, str] = {}
    errored: bool = False
    complete: bool = True
    format_version: str = ""
    terraform_version: str = ""


class _Delta(msgspec.Struct):
    actions: list[str] = []
    before: Any = None
    after: Any = None
    after_unknown: Any = None
    before_sensitive: Any = None
    after_sensitive: Any = None
    replace_paths: list[list[Any]] | None = None
    importing: dict[str, Any] | None = None


class _Resource(msgspec.Struct):
    address: str
    change: _Delta
    previous_address: str | None = None
    deposed: str | None = None
    action_reason: str | None = None
    provider_name: str | None = None


class _Problem(msgspec.Struct):
    message: str = ""


class _Instance(msgspec.Struct):
    problems: list[_Problem] | None = None


class _CheckAddress(msgspec.Struct):
    to_display: str = ""


class _CheckResult(msgspec.Struct):
    address: _CheckAddress
    status: str = ""
    instances: list[_Instance] | None = None


class _Variable(msgspec.Struct):
    value: Any = None


class _Document(msgspec.Struct):
    format_version: str
    terraform_version: str = ""
    resource_changes: list[_Resource] | None = None
    resource_drift: list[_Resource] | None = None
    output_changes: dict[str, _Delta] | None = None
    checks: list[_CheckResult] | None = None
    variables: dict[str, _Variable] | None = None
    configuration: dict[str, Any] | None = None
    planned_values: dict[str, Any] | None = None
    values: dict[str, Any] | None = None
    errored: bool = False
    complete: bool = True


_DECODER = msgspec.json.Decoder(_Document)


def parse_plan(data: bytes) -> Plan:
    """The plan in `data`. Raises PlanError where it is none.

    What the plan marks as sensitive is hidden. Secrets that it does not mark are still there: see secrets.py.
    """
    document = _decode(data)
    resources = document.resource_changes or []
    changes = [_change(each) for each in resources if each.change.actions != ["no-op"] or _is_noted(each)]
    secret = sensitive_variables(document.configuration)
    return Plan(
        changes=tuple(changes),
        drift=tuple(_change(each) for each in document.resource_drift or [] if _differs(each.change)),
        output_changes=tuple(
            _output(name, each) for name, each in (document.output_changes or {}).items() if _differs(each)
        ),
        checks=tuple(_check(each) for each in document.checks or []),
        counts=_count(changes),
        variables={
            name: SENSITIVE if name in secret else _text(each.value) or "null"
            for name, each in (document.variables or {}).items()
        },
        errored=document.errored,
        complete=document.complete,
        format_version=document.format_version,
        terraform_version=document.terraform_version,
    )


def _decode(data: bytes) -> _Document:
    if data.startswith(b"PK"):
        raise PlanError("this is a binary plan file: give the output of `terraform show -json` of it")
    try:
        document = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PlanError(f"not the JSON of a plan, as `terraform show -json PLANFILE` prints it: {error}") from error
    if document.format_version.split(".")[0] not in ("0", "1"):
        raise PlanError(f"the plan's format {document.format_version} is newer than what is known here (1)")
    if document.resource_changes is None and document.planned_values is None and document.resource_drift is None:
        kind = "a state" if document.values is not None else "an empty document"
        raise PlanError(
            f"this is {kind}, not a plan: run `terraform show -json PLANFILE` with the file that `-out` wrote"
        )
    return document


def sensitive_variables(configuration: Any) -> frozenset[str]:
    """The names of the root module's variables that are declared sensitive."""
    root = configuration.get("root_module") if isinstance(configuration, dict) else None
    declared = root.get("variables") if isinstance(root, dict) else None
    if not isinstance(declared, dict):
        return frozenset()
    return frozenset(name for name, each in declared.items() if isinstance(each, dict) and each.get("sensitive"))


# --- changes -----------------------------------------------------------------------------------------------------


def _differs(delta: _Delta) -> bool:
    return delta.actions not in (["no-op"], ["read"], [])


def _is_noted(resource: _Resource) -> bool:
    """Whether something that stays as it is still moves to another address, or is imported."""
    return bool(resource.previous_address or resource.change.importing)


def _action(actions: Sequence[str]) -> PlanAction:
    if "create" in actions and "delete" in actions:
        return "replace"
    known: dict[str, PlanAction] = {
        "create": "create",
        "update": "update",
        "delete": "delete",
        "read": "read",
        "forget": "forget",
    }
    return next((known[each] for each in actions if each in known), "no-op")


def _change(resource: _Resource) -> Change:
    delta = resource.change
    replaced = tuple(map(_path, delta.replace_paths or []))
    return Change(
        address=resource.address,
        action=_action(delta.actions),
        actions=tuple(delta.actions),
        attributes=_attributes(delta, replaced),
        replace_paths=replaced,
        importing=str((delta.importing or {}).get("id") or ""),
        previous_address=resource.previous_address or "",
        deposed=resource.deposed or "",
        action_reason=resource.action_reason or "",
        provider=resource.provider_name or "",
    )


def _output(name: str, delta: _Delta) -> Change:
    return Change(
        address=f"output.{name}",
        action=_action(delta.actions),
        actions=tuple(delta.actions),
        attributes=_attributes(delta, ()),
    )


def _count(changes: Sequence[Change]) -> Counts:
    """As Terraform counts in its last line: a replacement is one to add and one to destroy."""
    actions = [change.action for change in changes]
    replaced = actions.count("replace")
    return Counts(
        add=actions.count("create") + replaced,
        change=actions.count("update"),
        destroy=actions.count("delete") + replaced,
        imported=sum(bool(change.importing) for change in changes),
    )


def _check(result: _CheckResult) -> Check:
    problems = [problem.message for instance in result.instances or [] for problem in instance.problems or []]
    return Check(result.address.to_display, result.status, tuple(problems))


# --- what differs ------------------------------------------------------------------------------------------------


class _Sides(msgspec.Struct, frozen=True):
    """One value before and after, and what the plan says of it: each a value, or a tree beside that of the values."""

    before: Any
    after: Any
    unknown: Any
    before_secret: Any
    after_secret: Any

    def __getitem__(self, step: str | int) -> _Sides:
        return _Sides(*(part_of(getattr(self, name), step) for name in self.__struct_fields__))

    def steps(self) -> list[str] | list[int]:
        """The keys or indexes under which this value goes on; none for a single value."""
        trees = [tree for tree in (self.before, self.after) if tree is not None]
        if trees and all(isinstance(tree, dict) for tree in trees):
            keys = {key: None for tree in (*trees, self.unknown) if isinstance(tree, dict) for key in tree}
            return list(keys)
        if trees and all(isinstance(tree, list) for tree in trees):
            return list(range(max(len(tree) for tree in trees)))
        return []


def _attributes(delta: _Delta, replaced: Sequence[str]) -> tuple[Attribute, ...]:
    sides = _Sides(delta.before, delta.after, delta.after_unknown, delta.before_sensitive, delta.after_sensitive)
    found: list[Attribute] = []
    for path, before, after in _walk(sides, "", 0):
        if len(found) == MOST_ATTRIBUTES:
            break
        forces = any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in replaced)
        found.append(Attribute(path, before, after, forces))
    return tuple(found)


def _walk(sides: _Sides, path: str, depth: int) -> Iterator[tuple[str, str | None, str | None]]:
    """The single values that differ: (path, before, after)."""
    secret = sides.before_secret is True or sides.after_secret is True
    steps = [] if secret or sides.unknown is True or depth > _DEEPEST else sides.steps()
    if steps:
        for step in steps:
            inner = f"{path}[{step}]" if isinstance(step, int) else f"{path}.{step}" if path else str(step)
            yield from _walk(sides[step], inner, depth + 1)
        return
    if sides.before == sides.after and sides.unknown is not True:
        return
    before = _shown(sides.before, secret or sides.before_secret)
    after = UNKNOWN if sides.unknown is True else _shown(sides.after, secret or sides.after_secret)
    yield path, before, after


def _shown(value: Any, marks: Any) -> str | None:
    """The value as JSON, SENSITIVE as a whole or in its parts; None stays None."""
    if marks is True:
        return None if value is None else SENSITIVE
    return _text(masked(value, marks, lambda _: SENSITIVE))


def masked(value: Any, marks: Any, hide: Callable[[Any], Any], depth: int = 0) -> Any:
    """The value with `hide(part)` for each part that the tree of marks beside it says True of; None stays None."""
    if value is None or marks in (None, False, {}, []):
        return value
    if marks is True or depth > _DEEPEST:
        return hide(value)
    if isinstance(value, dict):
        return {key: masked(each, part_of(marks, key), hide, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [masked(each, part_of(marks, index), hide, depth + 1) for index, each in enumerate(value)]
    return value


def part_of(tree: Any, step: str | int) -> Any:
    """The part of a value, or of a tree beside it, one step down; where the whole tree is True, so is its part."""
    if isinstance(tree, dict):
        return tree.get(step)
    if isinstance(tree, list) and isinstance(step, int) and step < len(tree):
        return tree[step]
    return True if tree is True else None


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _path(steps: Sequence[Any]) -> str:
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path
