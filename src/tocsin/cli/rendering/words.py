"""How the values of a report are said, the same in every rendering."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from tocsin.ground.plain import plain
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.report import Evidence, Hypothesis, Report

_PIECES = 5  # of evidence; the rest is in the JSON form
_KINDS = 4  # of what one reason kept from being read
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
    return plain(value) or "(empty)" if isinstance(value, str) else json.dumps(value)


def count(number: int, kind: str) -> str:
    """A number of objects of a kind: `1 Pod`, `3 Pods`, `2 Ingresses`."""
    if number == 1:
        return f"1 {kind}"
    if kind.endswith("y"):
        return f"{number} {kind[:-1]}ies"
    return f"{number} {kind}es" if kind.endswith("s") and kind != "Endpoints" else f"{number} {kind.removesuffix('s')}s"


def telling(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The strongest pieces, a screenful at most; of those that say the same of several objects, one."""
    said: dict[tuple[str, str], Evidence] = {}
    for piece in sorted(evidence, key=lambda piece: (-abs(piece.weight), piece.id)):
        value = value_text(piece.value)
        # A whole sentence says the same wherever it is stored; a short value only in the same field.
        said.setdefault((value, "" if " " in value else piece.ref.partition("#")[2]), piece)
    return list(said.values())[:_PIECES]


def folded(gaps: Iterable[str]) -> list[str]:
    """The gaps, with those of one reason told in one line: `logs of 7 (shop/cart-7f/cart and others): 403`."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for gap in gaps:
        what, _, why = plain(gap).partition(": ")
        kind, _, name = what.partition(" ")
        reasons.setdefault(why, {}).setdefault(kind if name else what, []).append(name)
    return [_one_reason(why, kinds) for why, kinds in reasons.items()]


def _one_reason(why: str, kinds: dict[str, list[str]]) -> str:
    told = [
        f"{kind} of {len(names)} ({names[0]} and others)" if len(names) > 1 else f"{kind} {names[0]}".strip()
        for kind, names in kinds.items()
    ]
    what = ", ".join(told[:_KINDS]) + (f" and {len(told) - _KINDS} more" if len(told) > _KINDS else "")
    return f"{what}: {why}" if why else what


def next_checks(report: Report) -> tuple[Command, ...]:
    """The read-only commands that would settle an inconclusive report: its hypotheses' own, else those that always help."""
    own = [command for one in report.hypotheses for command in one.commands if command.tier == "read-only"]
    namespaces = Counter(subject.namespace for subject in report.examined if subject.namespace)
    if own or not namespaces:
        return tuple(dict.fromkeys(own))
    [(namespace, _)] = namespaces.most_common(1)
    kubectl = ("kubectl", "-n", namespace, "get")
    return (
        Command((*kubectl, "events", "--sort-by=.lastTimestamp"), "see what happened last", "read-only"),
        Command((*kubectl, "pods", "-o", "wide"), "see which pods are not ready, and where they are", "read-only"),
    )
