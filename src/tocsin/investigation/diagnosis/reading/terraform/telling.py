"""How causes recognise an error: patterns with weights, and the findings that come of them.

A provider's own code says most, its prose less, an HTTP status least: 409 is a conflict, a lack of capacity or a lock.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from tocsin.investigation.diagnosis.cause import Finding
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, WEAK, Citation
from tocsin.investigation.diagnosis.reading.terraform.deployment import Deployment, Failure
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

# What a program printed that the configuration runs is free text: never more than a hint at why the program failed.
_PRINTED = 0.2
_WIDEST = 200
# The frame that the tool draws around an error is none of its words.
_FRAME = " \t\r│╷╵|>"
# Names that say nothing of what a resource is for.
_NAMELESS = frozenset(["default", "example", "foo", "main", "my", "resource", "test", "this"])
# How the clouds' interfaces word their errors.
_VOICES: Mapping[str, re.Pattern[str]] = {
    "helm": re.compile(r"Kubernetes cluster unreachable|\bhelm\b|cannot re-use a name that is still in use"),
    "google": re.compile(r"googleapi|google\.rpc|gserviceaccount"),
    "azurerm": re.compile(r"autorest/azure|Microsoft\.\w+/|\bAADSTS\d|[Aa]zure(?:rm)?\b|\bARM\b|Original Error: "),
    "kubernetes": re.compile(r"is forbidden: User|system:serviceaccount|/apis?/\w*v\d|KUBERNETES_MASTER"),
    "aws": re.compile(
        r"status code: \d+, request id|https response error StatusCode|\barn:aws|api error \w+:|\bEKS\b|\bAWS\b"
    ),
}


class Signs(NamedTuple):
    """Patterns by weight (nats), heaviest first; `unless` is what speaks against all of them."""

    weighed: tuple[tuple[re.Pattern[str], float], ...]
    unless: re.Pattern[str] | None

    def find(self, failure: Failure) -> "Telling | None":
        """Return the heaviest sign that an error shows."""
        if self.unless and any(not failure.is_printed(at.start()) for at in self.unless.finditer(failure.text)):
            return None
        shown = [
            Telling(failure, found, weight * (_PRINTED if failure.is_printed(found.start()) else 1))
            for pattern, weight in self.weighed
            for found in pattern.finditer(failure.text)
        ]
        return max(shown, key=lambda told: told.weight, default=None)


class Telling(NamedTuple):
    """An error that shows a sign, and how much the sign says."""

    failure: Failure
    found: re.Match[str]
    weight: float


def signs(*, code: str = "", prose: str = "", status: str = "", unless: str = "") -> Signs:
    """Compile patterns; they are searched in an error's whole text, in one line, in any case.

    `code` is what a tool or a service says of this alone, `prose` what others might say too, `status` what many mean.
    """
    given = ((code, CONCLUSIVE), (prose, MODERATE), (status, WEAK))
    weighed = tuple((re.compile(pattern, re.I), weight) for pattern, weight in given if pattern)
    return Signs(weighed, re.compile(unless, re.I) if unless else None)


@dataclass(frozen=True, slots=True)
class Failing:
    """All errors of a run that show a cause's signs."""

    deployment: Deployment
    tellings: tuple[Telling, ...]

    @property
    def first(self) -> Failure:
        """The first of those that say most."""
        return self._first.failure

    @property
    def found(self) -> re.Match[str]:
        """What the first of them says."""
        return self._first.found

    @property
    def _first(self) -> Telling:
        return max(self.tellings, key=lambda told: told.weight)

    @property
    def tool(self) -> str:
        """The program to type."""
        return self.deployment.tool

    @property
    def address(self) -> str:
        """The address of the resource that failed; empty where it was none."""
        return self.first.address

    @property
    def addresses(self) -> Sequence[str]:
        """The addresses of all that failed so, each once."""
        return list(dict.fromkeys(told.failure.address for told in self.tellings if told.failure.address))

    @property
    def who(self) -> str:
        """The resource, or the command, in words, with how many others."""
        more = len(self.addresses) - 1
        name = self.first.subject.name
        return f"{name} and {more} more" if more > 0 else name

    @property
    def cloud(self) -> str:
        """The provider ("aws", "azurerm", "google", "kubernetes", …), by the resource's type, else by its way to speak."""
        if self.first.type:
            return self.first.type.partition("_")[0]
        return next((name for name, voice in _VOICES.items() if voice.search(self.first.text)), "")

    @property
    def place(self) -> str:
        """The file and line of the configuration where the first of them stands; empty where that is not told."""
        return self.first.place

    @property
    def target(self) -> str:
        """What is to be changed, in words: the resource, else the place, else the configuration."""
        mode, kind, name, *_ = [*self.first.context.replace('"', "").split(), "", "", ""]
        declared = f"{kind}.{name} ({self.place})" if mode == "resource" else self.place
        return self.address or declared or "the configuration"

    def only(self, telling: Telling) -> "Failing":
        """Return one of these errors by itself."""
        return Failing(self.deployment, (telling,))

    def read(self, pattern: str) -> str:
        """Return the first group of a pattern where an error has it; empty where none has."""
        return next(iter(self.all(pattern)), "")

    def all(self, pattern: str) -> Sequence[str]:
        """Return the first groups of a pattern in all errors, each once."""
        texts = (told.failure.text for told in self.tellings)
        return list(dict.fromkeys(found[1] for text in texts for found in re.finditer(pattern, text) if found[1]))

    def pairs(self, pattern: str) -> Sequence[tuple[str, str]]:
        """Return the first two groups of a pattern in all errors."""
        texts = (told.failure.text for told in self.tellings)
        return [(found[1], found[2]) for text in texts for found in re.finditer(pattern, text)]

    def shown(self, pattern: str) -> Sequence[str]:
        """Return the first groups of a pattern in the code that the errors show, with its values, each once."""
        codes = (told.failure.snippet for told in self.tellings)
        return list(dict.fromkeys(found[1] for code in codes for found in re.finditer(pattern, code)))

    def finding(self, summary: str, remedies: Iterable[Command] = (), contributing: Iterable[str] = ()) -> Finding:
        """Claim it of the resource that says most; the others feel it.

        Where the state was not saved, keeping it comes before everything else, and writing it back before whatever
        runs the tool again; what only looks comes in between.
        """
        steps = tuple(remedies)
        if self.deployment.run.state_not_saved:
            copy, push = terraform.keep_state(self.tool)
            looks = tuple(takewhile(lambda step: step.tier == "read-only" and "plan" not in step.argv, steps))
            steps = (copy, *looks, push, *steps[len(looks) :])
        subject = self.first.subject
        others = [told.failure.subject for told in self.tellings if told.failure.subject != subject]
        return Finding(
            subject,
            summary,
            [self.cite(told) for told in self.tellings],
            remedies=steps,
            felt_by=list(dict.fromkeys(others)),
            contributing=[*self._warnings(), *contributing],
        )

    def cite(self, told: Telling) -> Citation:
        """Cite the line of the log that tells it."""
        number = self.deployment.line(told.failure, told.found.group())
        held = self.deployment.lines[number - 1]
        at = held.find(told.found.group()[:20])
        shown = held[at : at + _WIDEST] if at > _WIDEST // 2 else held.strip(_FRAME)[:_WIDEST]
        return Citation(f"deployment/log#L{number}", shown, told.weight, told.failure.subject)

    def _warnings(self) -> Iterator[str]:
        if self.deployment.run.state_not_saved:
            yield "what was created is known to errored.tfstate alone: an apply before it is pushed makes it all again"
        if self.first.name in _NAMELESS and "module." not in self.address:
            yield f"{self.address} has a name that does not say what it is for, which makes errors harder to place"


def failing(world: World, shown: Signs, where: Callable[[Failure], bool] = lambda failure: True) -> Failing | None:
    """Return the errors of the run that show these signs; None where none does, or no run was collected."""
    deployment = world.deployment
    if deployment is None:
        return None
    told = [telling for failure in deployment.failures if where(failure) and (telling := shown.find(failure))]
    return Failing(deployment, tuple(told)) if told else None
