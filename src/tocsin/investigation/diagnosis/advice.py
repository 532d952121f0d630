"""What to type for a hypothesis: the remedies of its findings, and going back on a change that led there."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from tocsin.investigation.diagnosis.cause import Finding
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.keepers import advised
from tocsin.investigation.diagnosis.ranking import Candidate, Ranked
from tocsin.investigation.diagnosis.reading.workloads.revisions import revisions
from tocsin.investigation.diagnosis.remedies.command import Command

# Categories of trouble that a new image or variable brings about by itself.
_ROLLED_INTO = ("memory", "crash")


def commands(ranked: Ranked, first: Finding, inventory: Inventory) -> tuple[Command, ...]:
    """Return what to type: the best finding's remedies, the others', and going back on a change that led there.

    Where a rollout can explain the trouble, going back comes first: it ends the cause, the rest its effect.
    """
    candidate = ranked.candidate
    led = [other for other in ranked.folded if other.cause.category == "change" and other.subject == candidate.subject]
    own = _once((first, *candidate.findings), _makers(candidate, inventory))
    back = [command for one in led for found in one.findings for command in found.remedies]
    ordered = (*back, *own) if candidate.cause.category in _ROLLED_INTO else (*own, *back)
    subjects = {candidate.subject, *candidate.cited}
    return advised(
        (command for command in ordered if _has_way_back(command, candidate, inventory)), subjects, inventory
    )


def _has_way_back(command: Command, candidate: Candidate, inventory: Inventory) -> bool:
    """Tell whether a command can be done: a rollout is taken back only to a revision that is stored, where they were read."""
    kind = "ReplicaSet" if candidate.subject.kind == "Deployment" else "ControllerRevision"
    if "undo" in command.argv and "rollout" in command.argv and kind in inventory.kinds:
        return len(revisions(inventory).get(candidate.subject, ())) > 1
    return True


def _makers(candidate: Candidate, inventory: Inventory) -> Mapping[str, str]:
    """Return the pods of the subject by their names, each with what made it: replicas of one revision share theirs."""
    pods = inventory.pods_of(candidate.subject)
    return {pod.name: pod.owner.text("name") for pod in pods if pod.owner}


def _once(findings: Iterable[Finding], makers: Mapping[str, str]) -> list[Command]:
    """Return what findings advise; what each would read of another replica is said of the first, with their number."""
    alike: dict[tuple[Hashable, int], dict[tuple[str, ...], Command]] = defaultdict(dict)
    for found in findings:
        seen: Counter[Hashable] = Counter()
        for command in found.remedies:
            shape = _shape(command, makers)
            seen[shape] += 1
            alike[shape, seen[shape]].setdefault(command.argv, command)
    return [_counted(tuple(held.values())) for held in alike.values()]


def _shape(command: Command, makers: Mapping[str, str]) -> Hashable:
    """Return what a command that reads has in common with those about other replicas; of others, all that it is."""
    if command.tier != "read-only":
        return command
    return tuple(makers.get(word.removeprefix("pod/"), word) for word in command.argv)


def _counted(alike: Sequence[Command]) -> Command:
    first = alike[0]
    return first if len(alike) == 1 else replace(first, purpose=f"{first.purpose} (one of {len(alike)} replicas)")
