"""Asks every cause about the world, and keeps what each one answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tocsin.investigation.diagnosis.cause import Cause, Finding
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.known import Known
from tocsin.investigation.diagnosis.topology import Topology
from tocsin.investigation.diagnosis.world import World


class Answer(StrEnum):
    """What a cause can say. UNKNOWN is "could not look", never "nothing wrong"."""

    FIRED = "fired"
    CLEAR = "clear"
    UNKNOWN = "unknown"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cause's answer: with the finding when it fired, else with what it missed or how it broke."""

    cause: Cause
    answer: Answer
    finding: Finding | None = None
    why: str = ""


def examine(causes: Iterable[Cause], inventory: Inventory, topology: Topology, known: Known) -> tuple[Verdict, ...]:
    """Ask each cause; one that raises is BROKEN and the others are asked all the same."""
    return tuple(verdict for cause in causes for verdict in _ask(cause, World(inventory, topology, known)))


def _ask(cause: Cause, world: World) -> Iterator[Verdict]:
    try:
        findings = list(cause.look(world))
    except Exception as error:  # noqa: BLE001 - a cause that raises must not cost the others their say
        yield Verdict(cause, Answer.BROKEN, why=f"{type(error).__name__}: {error}")
        return
    for kind in cause.needs:
        world.knows(kind)
    yield from (Verdict(cause, Answer.FIRED, finding) for finding in findings)
    yield from (Verdict(cause, Answer.UNKNOWN, why=f"{what}: {why}") for what, why in sorted(world.missed.items()))
    if not findings and not world.missed:
        yield Verdict(cause, Answer.CLEAR)
