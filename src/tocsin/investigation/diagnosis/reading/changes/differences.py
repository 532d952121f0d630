"""What differs between two stored values, field by field."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tocsin.investigation.diagnosis.quantity import parse_quantity


class Difference(NamedTuple):
    """One field: where it stands ("containers.app.image"), what it was and what it is; None where it was or is not."""

    path: str
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.path.removesuffix('.value')}: {_shown(self.old)} → {_shown(self.new)}"


def differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """Yield the fields in which two values differ; lists are compared by the names of their entries."""
    if isinstance(old, list) and isinstance(new, list):
        old, new = by_name(old), by_name(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key), new.get(key), f"{path}.{key}".lstrip("."))
    elif old != new:
        yield Difference(path, old, new)


def departures(wanted: Any, held: Any, path: str = "") -> Iterator[Difference]:
    """Yield the fields that somebody wanted and that are held otherwise; what is held besides is nobody's business.

    Entries of a list that are added to what was wanted count, because nothing fills those in by itself but the defaults
    of ports and probes, which have no name.
    """
    if isinstance(wanted, list) and isinstance(held, list):
        named = all(isinstance(entry, dict) and "name" in entry for entry in (*wanted, *held))
        wanted, held = by_name(wanted), by_name(held)
        if named:
            wanted = dict.fromkeys(held) | wanted
    if isinstance(wanted, dict) and isinstance(held, dict):
        for key in sorted(wanted):
            yield from departures(wanted[key], held.get(key), f"{path}.{key}".lstrip("."))
    elif not _same(wanted, held):
        yield Difference(path, wanted, held)


def by_name(entries: list[Any]) -> Mapping[str, Any]:
    """Return the entries of a list by their names, those without one by their places."""
    return {
        str(entry.get("name", index)) if isinstance(entry, dict) else str(index): entry
        for index, entry in enumerate(entries)
    }


def _same(wanted: Any, held: Any) -> bool:
    """Tell whether a value is held as wanted: empty is as good as absent, 0.5 is 500m, and numbers may be texts."""
    amounts = (parse_quantity(wanted), parse_quantity(held))
    if None not in amounts and amounts[0] == amounts[1]:
        return True
    empty = wanted in (None, "", [], {}) and held in (None, "", [], {})
    return empty or wanted == held or (held is not None and str(wanted) == str(held))


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict) and "value" in value:
        return str(value["value"])
    return str(value)
