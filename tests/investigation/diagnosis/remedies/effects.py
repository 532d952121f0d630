"""What a command of kubectl makes of an object: enough to see that it applies, and that its undo takes it back."""

import json
from copy import deepcopy
from typing import Any

from tests.investigation.diagnosis.remedies.kubectl_grammar import Spoken
from tests.investigation.worlds import Document
from tocsin.investigation.diagnosis.reference import steps


class EffectError(ValueError):
    """The command cannot be applied to the object; the message says why."""


def applied(spoken: Spoken, held: Document) -> Document:
    """Return the object after the command; raises EffectError where the API server would refuse it."""
    made = deepcopy(held)
    match spoken.verb:
        case "patch":
            return _patched(made, spoken)
        case "scale":
            made["spec"]["replicas"] = int(spoken.flags["--replicas"])
        case "cordon" | "uncordon":
            made["spec"]["unschedulable"] = spoken.verb == "cordon"
        case "set image":
            for name, image in _pairs(spoken):
                _container(made, name)["image"] = image
        case "set env":
            for name, value in _pairs(spoken):
                _set_variable(_container(made, spoken.flags["--containers"]), name, value)
        case "set resources":
            _set_resources(_container(made, spoken.flags["--containers"]), spoken)
        case "taint":
            _taint(made, spoken.operands[2])
        case "label" | "annotate":
            field = "labels" if spoken.verb == "label" else "annotations"
            _mark(made["metadata"].setdefault(field, {}), spoken)
    return made


def same(one: Document, other: Document) -> bool:
    """Tell whether two objects mean the same: what is empty, false or zero by a change may be absent as well."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: held for key, item in value.items() if (held := _plain(item)) not in ({}, [], None, False, "0")}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _patched(made: Document, spoken: Spoken) -> Document:
    change = json.loads(spoken.flags["--patch"])
    kind = spoken.flags.get("--type", "strategic")
    if kind == "json":
        if not isinstance(change, list) or not change:
            raise EffectError("a JSON patch is a list of operations")
        for operation in change:
            made = _operated(made, operation)
        return made
    if not isinstance(change, dict):
        raise EffectError(f"a {kind} patch is an object")
    merged: Document = _merged(made, change, by_name=kind == "strategic")
    return merged


def _operated(made: Document, operation: Document) -> Document:
    """Apply one operation of a JSON patch (RFC 6902, section 4)."""
    *way, last = steps(operation["path"])
    inside: Any = made
    for step in way:
        inside = _inside(inside, step, operation["path"])
    op, there = operation["op"], _there(inside, last)
    if op in ("replace", "remove", "test") and not there:
        raise EffectError(f"{op}: nothing at {operation['path']}")
    if op == "test" and _inside(inside, last, "") != operation["value"]:
        raise EffectError(f"test: {operation['path']} is another value")
    if op == "remove":
        inside.pop(int(last) if isinstance(inside, list) else last)
    elif op == "add" and isinstance(inside, list):
        if last != "-" and int(last) > len(inside):
            raise EffectError(f"add: {operation['path']} is behind the end")
        inside.insert(len(inside) if last == "-" else int(last), operation["value"])
    elif op in ("add", "replace"):
        inside[int(last) if isinstance(inside, list) else last] = operation["value"]
    elif op != "test":
        raise EffectError(f"no operation is called {op}")
    return made


def _inside(value: Any, step: str, path: str) -> Any:
    if not _there(value, step):
        raise EffectError(f"nothing at {step!r} of {path}")
    return value[int(step)] if isinstance(value, list) else value[step]


def _there(value: Any, step: str) -> bool:
    if isinstance(value, list):
        return step.isdecimal() and int(step) < len(value)
    return isinstance(value, dict) and step in value


def _merged(value: Any, change: Any, *, by_name: bool) -> Any:
    """Merge as RFC 7386 says; a strategic merge patch takes lists of named things by their names."""
    if by_name and isinstance(change, list) and isinstance(value, list):
        named = {item.get("name"): item for item in value if isinstance(item, dict)}
        for item in change:
            named[item.get("name")] = _merged(named.get(item.get("name"), {}), item, by_name=True)
        return list(named.values())
    if not isinstance(change, dict):
        return change
    merged = dict(value) if isinstance(value, dict) else {}
    for key, item in change.items():
        if item is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), item, by_name=by_name)
    return merged


def _pairs(spoken: Spoken) -> list[tuple[str, str]]:
    pairs = [operand for operand in spoken.operands[1:] if "=" in operand]
    return [(name, value) for name, _, value in (pair.partition("=") for pair in pairs)]


def _container(made: Document, name: str) -> Document:
    spec = made["spec"].get("jobTemplate", made)["spec"]["template"]["spec"]
    for held in (*spec.get("containers", ()), *spec.get("initContainers", ())):
        if held["name"] == name:
            found: Document = held
            return found
    raise EffectError(f"{made['metadata']['name']} has no container {name}")


def _set_variable(container: Document, name: str, value: str) -> None:
    others = [held for held in container.get("env", ()) if held["name"] != name]
    places = [at for at, held in enumerate(container.get("env", ())) if held["name"] == name]
    others.insert(places[0] if places else len(others), {"name": name, "value": value})
    container["env"] = others


def _set_resources(container: Document, spoken: Spoken) -> None:
    for field in ("limits", "requests"):
        for pair in filter(None, spoken.flags.get(f"--{field}", "").split(",")):
            resource, _, amount = pair.partition("=")
            container.setdefault("resources", {}).setdefault(field, {})[resource] = amount


def _taint(made: Document, told: str) -> None:
    word, _, effect = told.rpartition(":")
    key, _, value = word.partition("=")
    taints = made["spec"].setdefault("taints", [])
    if effect.endswith("-"):
        kept = [held for held in taints if (held["key"], held["effect"]) != (key, effect[:-1])]
        if len(kept) == len(taints):
            raise EffectError(f"{made['metadata']['name']} has no taint {told}")
        made["spec"]["taints"] = kept
    else:
        taints.append({"key": key, "effect": effect, **({"value": value} if value else {})})


def _mark(marks: Document, spoken: Spoken) -> None:
    for told in spoken.operands[1:]:
        if told.endswith("-"):
            marks.pop(told[:-1], None)
        elif "=" in told:
            key, _, value = told.partition("=")
            marks[key] = value
