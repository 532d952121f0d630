"""What a run left behind, read from the database: its section, and its log, of which only the asked-for part is kept."""

from __future__ import annotations

import gzip
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from tocsin.deployments.models import DeploymentRecord
from tocsin.deployments.terraform.plan import Plan, PlanError, parse_plan
from tocsin.web.pages.console import Printed, printed

MOST_ERRORS = 20
# What is shown of a log beside other things: from its first error, or its end.
EXCERPT = 40
BEFORE = 3  # lines above an error that tell what went on


class Section(msgspec.Struct, frozen=True):
    """What of a stored section is shown: what was typed where, how it was ended from outside, and the plan's JSON."""

    argv: tuple[str, ...] = ()
    directory: str = ""
    interrupted: str = ""
    plan: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A log beside other things: some of its lines, the lines at which errors begin, and how many lines there are."""

    lines: tuple[Printed, ...]
    errors: tuple[int, ...]
    total: int


def section_of(deployment_id: int) -> Section | None:
    """The stored section; None where the run left nothing but its notice."""
    content = DeploymentRecord.objects.filter(pk=deployment_id).values_list("section", flat=True).first()
    return msgspec.json.decode(gzip.decompress(content), type=Section) if content is not None else None


def plan_of(section: Section) -> Plan | str | None:
    """The run's plan; a text says why it can't be read; None where there is none."""
    if not section.plan:
        return None
    try:
        return parse_plan(msgspec.json.encode(section.plan))
    except PlanError as error:
        return str(error)


def log_of(deployment_id: int) -> bytes | None:
    """The stored log, gzipped; None where there is none, or nothing was printed."""
    found = DeploymentRecord.objects.filter(pk=deployment_id, lines__gt=0).values_list("log", flat=True).first()
    return bytes(found) if found is not None else None


def lines_of(log: bytes) -> Iterator[Printed]:
    """The lines of a stored log, unpacked as they are read."""
    with gzip.open(io.BytesIO(log)) as source:
        yield from printed(source)


@lru_cache(maxsize=64)  # a log never changes, and a long one takes seconds to go through
def output_of(deployment_id: int) -> Output | None:
    """What to show of a log beside other things; None where there is none."""
    log = log_of(deployment_id)
    if log is None:
        return None
    errors: list[int] = []
    shown: list[Printed] = []
    total, newest = 0, deque[Printed](maxlen=EXCERPT)
    for line in lines_of(log):
        total = line.number
        if line.begins and len(errors) < MOST_ERRORS:
            shown = shown if errors else list(newest)[-BEFORE:]
            errors.append(total)
        if errors and len(shown) < EXCERPT:
            shown.append(line)
        newest.append(line)
    return Output(tuple(shown if errors else newest), tuple(errors), total)
