"""Bodies made of others: with something changed, dropped or added anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import msgspec

Path = tuple[str | int, ...]


def changed(body: bytes, path: str = "", /, **values: Any) -> bytes:
    """The JSON object of a body with these values in the object at a path like "data.issue" or "alerts.0"; None drops one."""
    top = msgspec.json.decode(body)
    place = top
    for name in filter(None, path.split(".")):
        place = place[int(name) if name.isdecimal() else name]
    place.update(values)
    for name in [name for name, value in place.items() if value is None]:
        del place[name]
    return msgspec.json.encode(top)


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """The place of every part of a value, the whole first."""
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield from paths(part, (*here, name))


def at(value: Any, path: Path) -> Any:
    """What stands at a place."""
    for name in path:
        value = value[name]
    return value


def replaced(value: Any, path: Path, part: Any) -> Any:
    """A copy of a value with another part at a place."""
    if not path:
        return part
    copy = deepcopy(value)
    at(copy, path[:-1])[path[-1]] = part
    return copy


def dropped(value: Any, path: Path) -> Any:
    """A copy of a value without the part at a place."""
    copy = deepcopy(value)
    del at(copy, path[:-1])[path[-1]]
    return copy
