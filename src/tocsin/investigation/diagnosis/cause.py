"""What a cause is: a pure function from the world to findings, found by its file."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tocsin.investigation.diagnosis.evidence import Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.snapshot import Snapshot
from tocsin.investigation.diagnosis.world import World


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause claimed of a subject. Without evidence there is none.

    `summary` is one sentence with names and numbers. `felt_by` are objects that feel it although nothing in the
    topology leads there. `against` names a cause that the evidence speaks against, instead of for the one that found
    it. `contributing` is what made it worse, in words.
    """

    subject: Subject
    summary: str
    cites: Sequence[Citation]
    remedies: Sequence[Command] = ()
    felt_by: Sequence[Subject] = ()
    contributing: Sequence[str] = ()
    against: str = ""

    def __post_init__(self) -> None:
        if not self.cites:
            raise ValueError(f"a finding without evidence: {self.summary}")


@dataclass(frozen=True, slots=True)
class Cause:
    """One way things break. `needs` are the kinds or sections without which it cannot tell.

    `modes` are the failure modes that it tells by evidence of their own ("crash.oom_limit"); none for one that only
    says that something is wrong. `own` says that the subject explains its own state. One that is not can be the echo
    of trouble elsewhere: a crash because a database is away.
    """

    name: str
    category: str
    needs: tuple[str, ...]
    own: bool
    look: Callable[[World], Iterator[Finding]]
    modes: tuple[str, ...] = ()

    @property
    def explanation(self) -> str:
        """The docstring as one text: what it is, for someone who never met it, and when it is wrong."""
        return " ".join(inspect.cleandoc(self.look.__doc__ or "").split())


def cause(
    category: str, *, modes: Sequence[str] = (), needs: Sequence[str] = (), own: bool = True
) -> Callable[[Callable[[World], Iterator[Finding]]], Cause]:
    """Make a cause of a generator of findings; it is named as the function, with hyphens."""

    def made(look: Callable[[World], Iterator[Finding]]) -> Cause:
        return Cause(look.__name__.replace("_", "-"), category, tuple(needs), own, look, tuple(modes))

    return made


@cache
def catalogue(family: str = "kubernetes") -> tuple[Cause, ...]:
    """Import the causes of a family, one a file under `causes/`, in the order of their names."""
    package = importlib.import_module(f"tocsin.investigation.diagnosis.causes.{family}")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(getattr(importlib.import_module(f"{package.__name__}.{name}"), name) for name in names)


def suited(snapshot: Snapshot) -> tuple[Cause, ...]:
    """Return the causes of the families that a snapshot has something for: a deployment, a cluster, or both."""
    deployed = snapshot.deployed is not None
    cluster = not deployed or bool(snapshot.objects or snapshot.events or snapshot.collected)
    return (*(catalogue("terraform") if deployed else ()), *(catalogue("kubernetes") if cluster else ()))
