"""The layers of a schedule as they are kept and sent: JSON by the names of the values' own fields. Pure.

`{"format": "tocsin-schedule/1", "layers": [{"name": "Primary", "rotation": {"turns": [["alice"], ["bob"]], "start":
"2026-03-02T09:00:00", "zone": "Europe/Berlin", "unit": "weeks", "every": 1}, "restrictions": [{"days": [0, 1, 2, 3, 4], "opens":
"09:00:00", "closes": "17:00:00"}], "ends": null}]}`; days count from Monday, 0; times are of the layer's own clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.schedule import Layer

FORMAT = "tocsin-schedule/1"
MOST_LAYERS, MOST_TURNS, MOST_AT_ONCE, MOST_HOURS, LONGEST_NAME = 20, 200, 20, 50, 100


def written(layers: Iterable[Layer]) -> dict[str, Any]:
    """Layers as JSON."""
    return {"format": FORMAT, "layers": [msgspec.to_builtins(layer) for layer in layers]}


def read(value: Any) -> tuple[Layer, ...]:
    """The layers of a definition. Raises BadSchedule, which says what is wrong and where."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise BadSchedule(f"This is no schedule of the format {FORMAT}.")
    try:
        layers = msgspec.convert(value.get("layers"), tuple[Layer, ...])
    except msgspec.ValidationError as error:
        raise BadSchedule(str(error)) from error
    check(layers)
    return layers


def check(layers: tuple[Layer, ...]) -> None:
    """Raises BadSchedule where there is more of something than anybody could read, or a layer has no name of its own."""
    names = [layer.name.strip() for layer in layers]
    if not all(names) or len(set(names)) < len(names):
        raise BadSchedule("Give every layer a name of its own.")
    if any(len(name) > LONGEST_NAME for name in names):
        raise BadSchedule(f"The name of a layer is too long: {LONGEST_NAME} characters at most.")
    if not all(map(can_be_kept, (*names, *people_of(layers)))):
        raise BadSchedule("A name holds a character that can't be kept; write it anew.")
    if len(layers) > MOST_LAYERS:
        raise BadSchedule(f"These are {len(layers)} layers; at most {MOST_LAYERS} are taken.")
    for layer in layers:
        turns = layer.rotation.turns
        if len(turns) > MOST_TURNS or max(map(len, turns)) > MOST_AT_ONCE or len(layer.restrictions) > MOST_HOURS:
            raise BadSchedule(
                f"“{layer.name}” has too much: at most {MOST_TURNS} turns of {MOST_AT_ONCE} people, {MOST_HOURS} restrictions."
            )


def can_be_kept(text: str) -> bool:
    """Whether a database takes a text: one with a zero byte or half of a surrogate pair, as JSON can hold, is refused."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def people_of(layers: Iterable[Layer]) -> list[str]:
    """Everybody who has a turn, each once, in order."""
    return list(dict.fromkeys(person for layer in layers for turn in layer.rotation.turns for person in turn))


def changes(before: tuple[Layer, ...], after: tuple[Layer, ...]) -> str:
    """What an edit changed, in words for the history; empty where nothing did."""
    old, new = ({layer.name: layer for layer in layers} for layers in (before, after))
    said = [
        *(f"added “{name}”" for name in new if name not in old),
        *(f"removed “{name}”" for name in old if name not in new),
        *(
            f"changed “{name}” ({_fields(old[name], layer)})"
            for name, layer in new.items()
            if name in old and old[name] != layer
        ),
    ]
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        said.append("another order of the layers")
    return ", ".join(said)


def _fields(before: Layer, after: Layer) -> str:
    told = {
        "people": before.rotation.turns != after.rotation.turns,
        "first hand-over": before.rotation.start != after.rotation.start,
        "zone": before.rotation.zone != after.rotation.zone,
        "length of a turn": (before.rotation.every, before.rotation.unit)
        != (after.rotation.every, after.rotation.unit),
        "hours": before.restrictions != after.restrictions,
        "end": before.ends != after.ends,
    }
    return ", ".join(what for what, differs in told.items() if differs)
