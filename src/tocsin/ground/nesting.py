"""YAML that is nested too deeply: composing it would end the process, which no exception can tell. Pure."""

from __future__ import annotations

import re
from typing import Any

import yaml

DEEPEST = 100
_BRACKETS = re.compile(r"[\[\]{}]")
# What is nested without brackets begins far to the right, or with as many dashes.
_FAR_IN = re.compile(rf"^ {{{DEEPEST}}}|(?:[-?][ \t]+){{{DEEPEST // 2}}}", re.MULTILINE)


def check_depth(text: str) -> None:
    """Raises yaml.MarkedYAMLError for what is nested more than 100 deep, or malformed before that shows."""
    if not (_brackets(text) > DEEPEST or _FAR_IN.search(text)):
        return  # reading the events takes as long as all the rest
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=mark)


def _brackets(text: str) -> int:
    """How deep brackets can be nested at most, also counting those inside of strings; what closes too much closes nothing."""
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
