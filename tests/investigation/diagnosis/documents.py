"""The written formats, ready to validate against."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

import tocsin.investigation.diagnosis as diagnosis

FOLDER = Path(diagnosis.__file__).parent / "schemas"


def schema(name: str) -> dict[str, Any]:
    """Return a schema by the name of its file."""
    held: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return held


def validator(name: str) -> Draft202012Validator:
    """Return a validator that finds the other schemas by their ids."""
    held = [schema(other) for other in ("snapshot", "report", "command")]
    registry: Registry[Any] = Registry().with_resources([(item["$id"], Resource.from_contents(item)) for item in held])
    return Draft202012Validator(schema(name), registry=registry)
