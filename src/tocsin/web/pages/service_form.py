"""The fields of a service as people type them, and back again. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import msgspec

from tocsin.catalog.recognition import Place
from tocsin.catalog.services import Service
from tocsin.ground.edits import BadEdit

LONGEST = 4000
_PLAIN = ("name", "kind", "description", "lifecycle")
_COMMAS = ("tags", "aliases")
_LINES = ("repositories", "hosts", "workspaces")
_NAMED = ("links", "runbooks")
_PLACE = ("environment", "cluster", "namespace", "workload")


def written(service: Service) -> dict[str, str]:
    """The fields of a service as text to be edited."""
    text = {name: str(getattr(service, name)) for name in _PLAIN}
    text |= {name: ", ".join(getattr(service, name)) for name in _COMMAS}
    text |= {name: "\n".join(getattr(service, name)) for name in _LINES}
    text |= {name: "\n".join(f"{k} {v}" for k, v in getattr(service, name).items()) for name in _NAMED}
    places = [msgspec.convert(place, Place) for place in service.selectors]
    return text | {
        "owner": service.owner.name if service.owner else "",
        "tier": str(service.tier or ""),
        "selectors": "\n".join(_written(place) for place in places),
    }


def typed(text: Mapping[str, str]) -> dict[str, Any]:
    """Fields out of a form's texts. Raises BadEdit, which names what can't be understood."""
    clean = {name: value.replace("\x00", "").replace("\r\n", "\n").strip() for name, value in text.items()}
    for name, value in clean.items():
        if len(value) > LONGEST:
            raise BadEdit(f"{name.capitalize()}: {len(value):,} characters; {LONGEST:,} at most.")
    if clean["tier"] not in {"", "1", "2", "3", "4"}:
        raise BadEdit("The tier is 1 (most critical) to 4, or nothing.")
    fields: dict[str, Any] = {name: clean[name] for name in (*_PLAIN, "owner")}
    fields |= {name: [part.strip() for part in clean[name].split(",") if part.strip()] for name in _COMMAS}
    fields |= {name: _lines(clean[name]) for name in _LINES}
    fields |= {name: dict(_named(line) for line in _lines(clean[name])) for name in _NAMED}
    places = [msgspec.to_builtins(_place(line)) for line in _lines(clean["selectors"])]
    return fields | {"tier": int(clean["tier"]) if clean["tier"] else None, "selectors": places}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _named(line: str) -> tuple[str, str]:
    """Name and address of "Dashboard https://…"; the address is the name where it stands alone."""
    name, _, address = line.rpartition(" ")
    if not address.startswith(("https://", "http://")):
        raise BadEdit(f"“{line[:80]}”: write a name and an address, such as Dashboard https://grafana.example.org/d/1")
    return name.strip() or address, address


def _place(line: str) -> Place:
    """A place out of "namespace=shop workload=cart app=web": what is none of the four words is a label of its pods."""
    try:
        pairs = dict(word.split("=", 1) for word in shlex.split(line))
    except ValueError:
        raise BadEdit(
            f"“{line[:80]}”: write words like namespace=shop workload=cart, or labels like app=cart"
        ) from None
    known = {name: value for name, value in pairs.items() if name in _PLACE}
    return Place(**known, labels={name: value for name, value in pairs.items() if name not in _PLACE})


def _written(place: Place) -> str:
    named = [(name, getattr(place, name)) for name in _PLACE]
    return " ".join(shlex.quote(f"{name}={value}") for name, value in (*named, *place.labels.items()) if value)
