"""How the values of a report are said, the same in every rendering."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tocsin.cli.rendering.plain import plain
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.report import Hypothesis

_SURE = {"high": "almost certain", "medium": "probable", "low": "possible"}


def sureness(hypothesis: Hypothesis) -> str:
    """The confidence in words and as a number: `almost certain, 93%`."""
    return f"{_SURE.get(hypothesis.confidence_label, hypothesis.confidence_label)}, {hypothesis.confidence:.0%}"


def place(subject: Subject) -> str:
    """A subject as people say it: `Deployment cart in shop`."""
    return plain(
        f"{subject.kind} {subject.name} in {subject.namespace}"
        if subject.namespace
        else f"{subject.kind} {subject.name}"
    )


def value_text(value: str | int | float | bool | None) -> str:
    """A cited value: text as it stands, everything else as JSON writes it."""
    return plain(value) if isinstance(value, str) else json.dumps(value)


def count(number: int, kind: str) -> str:
    """A number of objects of a kind: `1 Pod`, `3 Pods`, `2 Ingresses`."""
    if number == 1:
        return f"1 {kind}"
    if kind.endswith("y"):
        return f"{number} {kind[:-1]}ies"
    return f"{number} {kind}es" if kind.endswith("s") and kind != "Endpoints" else f"{number} {kind.removesuffix('s')}s"


def folded(gaps: Iterable[str]) -> list[str]:
    """The gaps, with those of one kind and reason told in one line: `logs of 7 (shop/cart-7f/cart and others): 403`."""
    groups: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        what, _, why = plain(gap).partition(": ")
        kind, _, name = what.partition(" ")
        groups.setdefault((kind if name else what, why), []).append(name)
    return [_one_gap(kind, why, names) for (kind, why), names in groups.items()]


def _one_gap(kind: str, why: str, names: list[str]) -> str:
    what = f"{kind} of {len(names)} ({names[0]} and others)" if len(names) > 1 else f"{kind} {names[0]}".strip()
    return f"{what}: {why}" if why else what
