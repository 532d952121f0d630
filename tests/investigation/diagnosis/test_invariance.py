"""What must not matter, in every world in which a cause fires: order, names, and evidence must not hurt its own cause."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.investigation.suite import fires
from tests.investigation.worlds import Document
from tocsin.investigation.diagnosis import Report, diagnose, parse_snapshot
from tocsin.investigation.diagnosis.cause import catalogue

WORLDS = {f"{cause.name}-{mode}": held for cause in catalogue() for mode, held in fires(cause).items()}
EACH = pytest.mark.parametrize("world", WORLDS)
# Kinds that people name as they like.
NAMED = (
    "Deployment",
    "StatefulSet",
    "Service",
    "Job",
    "CronJob",
    "ConfigMap",
    "PersistentVolumeClaim",
    "Ingress",
    "Node",
)
# Words in names that mean the same in every cluster: parts of Kubernetes, products, and what programs are for.
COMMON = re.compile(
    r"app|aws|cache|cluster|conf|config|coredns|data|database|default|dns|etcd|gateway|ingress|istio|job|kube|master"
    r"|nginx|node|policy|postgres|redis|root|routes|service|storage|system|tls|volume|worker"
)

STAMP = re.compile(r"(?<!\d)2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d")


def told(document: bytes) -> Report:
    return diagnose(parse_snapshot(document))


def believed(report: Report) -> list[tuple[str, str, float]]:
    return sorted((held.cause, str(held.subject), held.confidence) for held in report.hypotheses)


@EACH
def test_the_order_of_what_was_read_does_not_matter(world: str) -> None:
    held = json.loads(WORLDS[world])
    for section in ("objects", "events"):
        random.Random(11).shuffle(held.get(section, []))
    assert told(json.dumps(held).encode()) == told(WORLDS[world])


@EACH
def test_names_do_not_matter(world: str) -> None:
    held = json.loads(WORLDS[world])
    names = renaming(held)
    expected = [(cause, renamed(subject, names), sure) for cause, subject, sure in believed(told(WORLDS[world]))]
    assert believed(told(renamed(WORLDS[world].decode(), names).encode())) == sorted(expected)


def renaming(held: Document) -> Mapping[str, str]:
    """Return another word for each word in the names that people chose."""
    objects = held.get("objects", ())
    chosen = [item["metadata"]["name"] for item in objects if item["kind"] in NAMED]
    chosen += [item["metadata"].get("labels", {}).get("app", "") for item in objects]
    chosen += [item["metadata"].get("namespace") or "" for item in objects]
    words = {word for name in chosen for word in re.findall(r"[a-z]{3,}", name) if not COMMON.fullmatch(word)}
    return {word: f"q{word[::-1]}" for word in sorted(words)}


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Replace whole words, in small and in capital letters."""
    if not names:
        return text
    words = "|".join(sorted(names, key=len, reverse=True))
    small = re.sub(rf"(?<![A-Za-z0-9])({words})(?![a-z])", lambda found: names[found[1]], text)
    return re.sub(rf"(?<![A-Za-z])({words.upper()})(?![A-Za-z])", lambda found: names[found[1].lower()].upper(), small)


@EACH
def test_the_day_does_not_matter(world: str) -> None:
    assert believed(told(STAMP.sub(later, WORLDS[world].decode()).encode())) == believed(told(WORLDS[world]))


def later(stamp: re.Match[str]) -> str:
    return f"{datetime.fromisoformat(stamp[0]) + timedelta(days=11, hours=3):%Y-%m-%dT%H:%M:%S}"


@EACH
def test_less_evidence_never_makes_its_cause_likelier(world: str) -> None:
    before = sums(told(WORLDS[world]))
    for less in without_one(json.loads(WORLDS[world]), told(WORLDS[world])):
        after = sums(told(json.dumps(less).encode()))
        assert {at: total for at, total in after.items() if total > before.get(at, total) + 0.011} == {}


def sums(report: Report) -> dict[tuple[str, str], float]:
    """Return the log-odds of the likeliest hypothesis, as its reckoning says."""
    found = {}
    for held in report.hypotheses[:1]:
        total = next(line for line in held.reckoning if line.startswith("= "))
        found[held.cause, str(held.subject)] = float(total.split(",")[0][2:])
    return found


def without_one(held: Document, report: Report) -> Iterator[Document]:
    """Yield the world without one of the events or logs that the likeliest hypothesis cites."""
    cited = {evidence.ref for found in report.hypotheses[:1] for evidence in found.evidence}
    for event in held.get("events", ()):
        name, namespace = event["metadata"].get("name"), event["metadata"].get("namespace")
        if any(ref.startswith(f"Event/{namespace}/{name}#") for ref in cited):
            yield {**held, "events": [other for other in held["events"] if other is not event]}
    for key in held.get("logs", {}):
        if any(ref.startswith(f"logs/{key}/") for ref in cited):
            less: dict[str, Any] = {other: log for other, log in held["logs"].items() if other != key}
            yield {**held, "logs": less}
