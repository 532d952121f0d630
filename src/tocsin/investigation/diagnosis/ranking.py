"""Which finding explains what is wrong: a log-odds sum that can be printed line by line.

    L = prior + evidence - evidence against + topology + change        (nats; a weight is ln of a likelihood ratio)
    P = exp(L) / (exp(L_unknown) + sum of exp(L) over all that claim the same trouble)

Naive Bayes with capped dependence: what one source says of one object counts once, its rest a quarter. "Unknown" has
log-odds of its own, so that weak evidence alone is not believed.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.investigation.diagnosis.cause import Cause, Finding
from tocsin.investigation.diagnosis.engine import Verdict
from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.focus import UNNAMED, Focus
from tocsin.investigation.diagnosis.reading.changes.edits import Recency
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.symptoms import Symptom
from tocsin.investigation.diagnosis.topology import Topology

UNKNOWN = 1.0
_REST = 0.25
_EXPLAINS, _EXPLAINS_NOTHING, _ECHO, _CALM = 2.0, -2.0, -1.5, -0.7
_CHANGE = "change"
# Evidence that is itself something wrong to be seen.
_MEASURED = ("metrics", "probes")
_LEAST, _SECOND, _TEXT, _MOST = 0.05, 0.5, 0.84, 0.99


@dataclass(frozen=True, slots=True)
class Candidate:
    """All findings of one cause about one subject, and what they would explain."""

    cause: Cause
    subject: Subject
    findings: tuple[Finding, ...]
    against: tuple[Citation, ...]
    explains: frozenset[Symptom]
    home: frozenset[Symptom]
    reckoning: tuple[tuple[str, float], ...] = ()

    @property
    def total(self) -> float:
        """The log-odds (nats), rounded so that the order of adding cannot show."""
        return round(math.fsum(amount for _, amount in self.reckoning), 9)

    @property
    def cites(self) -> list[Citation]:
        """The evidence, each place once with its highest weight, heaviest first."""
        return _heaviest(cite for finding in self.findings for cite in finding.cites)

    @property
    def places(self) -> frozenset[Subject]:
        """Where the trouble is, and where it is felt although nothing in the topology leads there."""
        return frozenset({self.subject, *(at for found in self.findings for at in found.felt_by)})

    @property
    def cited(self) -> frozenset[Subject]:
        """The objects that the evidence is about."""
        return frozenset(cite.about for finding in self.findings for cite in finding.cites)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its probability; `folded` are the candidates that it explains away.

    `doubt` says why the probability is not higher than it is, where something but the sum bounds it.
    """

    candidate: Candidate
    confidence: float
    folded: tuple[Candidate, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the ranking knows besides the findings: what is wrong, what is asked, what changed, what is usual.

    `calm` says that nobody complained, and that pods were read, so that what is wrong would show.
    """

    topology: Topology
    symptoms: tuple[Symptom, ...]
    focus: Focus
    recency: Recency | None = None
    priors: Mapping[str, float] = field(default_factory=dict)
    began: Callable[[Iterable[Subject]], datetime | None] = lambda subjects: None
    calm: bool = False


def evidence_sum(
    cites: Iterable[Citation], owner: Callable[[Subject], Subject] = lambda about: about
) -> dict[str, float]:
    """Add up evidence by group (nats): the strongest of a group counts full, the rest a quarter.

    A group is what one source says of one object; replicas are one object, because `owner` leads to what made them.
    Groups of one source about objects of one kind are no independent witnesses either: twenty nodes that say the same
    are sure, not twenty times as sure. So the heaviest of them counts full, the second half, the n-th 1/n.
    """
    groups: dict[tuple[str, Subject], list[float]] = defaultdict(list)
    for cite in _heaviest(cites):
        groups[cite.source, owner(cite.about)].append(cite.counted)
    sums = {group: weights[0] + _REST * math.fsum(weights[1:]) for group, weights in groups.items()}
    heard = Counter[tuple[str, str]]()
    counted = {}
    for (source, about), weight in sorted(sums.items(), key=lambda held: (-held[1], held[0])):
        heard[source, about.kind] += 1
        counted[f"{source} of {about}"] = weight / heard[source, about.kind]
    return dict(sorted(counted.items()))


def candidates(verdicts: Iterable[Verdict], scene: Scene) -> list[Candidate]:
    """Gather the findings by cause and subject, and reckon the log-odds of those that can be to blame for what is asked."""
    fired: dict[tuple[str, Subject], list[Finding]] = defaultdict(list)
    against: dict[tuple[str, Subject], list[Citation]] = defaultdict(list)
    causes: dict[str, Cause] = {}
    for verdict in verdicts:
        causes[verdict.cause.name] = verdict.cause
        if (found := verdict.finding) and found.against:
            against[found.against, found.subject] += found.cites
        elif found:
            fired[verdict.cause.name, found.subject].append(found)
    gathered = [
        _gather(causes[name], subject, findings, against[name, subject], scene)
        for (name, subject), findings in sorted(fired.items(), key=lambda item: item[0])
    ]
    blamed = [candidate for candidate in gathered if any(map(scene.focus.covers, candidate.places))]
    return [_reckoned(candidate, blamed, scene) for candidate in blamed]


def rank(found: Sequence[Candidate], scene: Scene) -> list[Ranked]:
    """Order the candidates; what another one explains is folded under it.

    The likeliest comes first. A further one counts on its own only if it explains what is still unexplained with
    P >= 0.5; what competes for the same symptoms follows as an alternative with its own probability. No P passes 0.99;
    `UNNAMED` where it is in doubt what was asked; `_TEXT` where hardly anything but free text, or only a change, speaks
    for the candidate.
    """
    left = _ordered(found, scene.topology)
    unexplained = set(scene.symptoms)
    causes, alternatives = list[Ranked](), list[Ranked]()
    while left:
        best, *others = left
        folded = tuple(other for other in others if _echoes(other, best, scene.topology))
        left = [other for other in others if other not in folded]
        most, doubt = _bound(best, scene.focus)
        sure = _confidence(best, [other for other in found if other not in folded])
        ranked = Ranked(best, min(sure, most), folded, doubt if sure > most else "")
        if not causes or (ranked.confidence >= _SECOND and best.explains & unexplained):
            causes.append(ranked)
            unexplained -= best.explains
        elif ranked.confidence >= _LEAST:
            alternatives.append(ranked)
    return causes + sorted(alternatives, key=lambda ranked: -ranked.confidence)


def _bound(candidate: Candidate, focus: Focus) -> tuple[float, str]:
    """Return what a candidate's probability may be at most, and why."""
    if focus.doubt:
        return UNNAMED, focus.doubt
    if candidate.cause.category == _CHANGE and not candidate.cause.own:
        return _TEXT, "it was changed before, and nothing tells that this did it"
    if math.fsum(cite.counted for cite in candidate.cites if not cite.is_free_text) < MODERATE:
        return _TEXT, "hardly anything but text that applications or people wrote says so"
    return _MOST, ""


def _ordered(found: Sequence[Candidate], topology: Topology) -> list[Candidate]:
    """Return the likeliest first; what a believable candidate would bring about comes after that one, however loud."""
    believable = [candidate for candidate in found if candidate.cause.own and candidate.total > UNKNOWN]
    behind = {id(one): any(_echoes(one, other, topology) for other in believable) for one in found}
    return sorted(found, key=lambda one: (behind[id(one)], -one.total, one.cause.name, one.subject))


def _heaviest(cites: Iterable[Citation]) -> list[Citation]:
    best: dict[str, Citation] = {}
    for cite in cites:
        if cite.ref not in best or cite.weight > best[cite.ref].weight:
            best[cite.ref] = cite
    return sorted(best.values(), key=lambda cite: (-cite.counted, cite.ref))


def _gather(
    cause: Cause, subject: Subject, findings: list[Finding], against: list[Citation], scene: Scene
) -> Candidate:
    felt = _felt(subject, findings, scene.topology)
    explains = frozenset(symptom for symptom in scene.symptoms if symptom.subject in felt)
    nearest = min((felt[symptom.subject] for symptom in explains), default=0)
    home = frozenset(symptom for symptom in explains if felt[symptom.subject] == nearest)
    return Candidate(
        cause, subject, tuple(sorted(findings, key=lambda found: found.summary)), tuple(against), explains, home
    )


def _felt(subject: Subject, findings: Iterable[Finding], topology: Topology) -> Mapping[Subject, int]:
    """Return who feels a candidate's trouble, with the distance in hops."""
    felt = dict(topology.downstream(subject))
    for place in sorted({at for found in findings for at in found.felt_by}):
        for at, hops in topology.downstream(place).items():
            felt[at] = min(felt.get(at, hops + 1), hops + 1)
    return felt


def _reckoned(candidate: Candidate, everyone: Sequence[Candidate], scene: Scene) -> Candidate:
    lines = [(f"prior of {candidate.cause.name}", scene.priors.get(candidate.cause.name, 0.0))]
    lines += [
        (f"evidence: {group}", weight) for group, weight in evidence_sum(candidate.cites, scene.topology.owner).items()
    ]
    lines += [
        (f"against it: {group}", -weight)
        for group, weight in evidence_sum(candidate.against, scene.topology.owner).items()
    ]
    lines += [_share(candidate, scene), _echo(candidate, everyone, scene.topology)]
    lines.append(_distance(candidate, scene.focus))
    if scene.recency:
        began = scene.began(symptom.subject for symptom in candidate.home)
        changed, weight = scene.recency.suspect(candidate.subject, candidate.cited, candidate.cause.category, began)
        lines.append((f"change: {scene.recency.told(changed)}", weight))
    kept = tuple(line for line in lines if line[1])
    return Candidate(
        candidate.cause,
        candidate.subject,
        candidate.findings,
        candidate.against,
        candidate.explains,
        candidate.home,
        kept,
    )


def _share(candidate: Candidate, scene: Scene) -> tuple[str, float]:
    wrong, explained = len(scene.symptoms), len(candidate.explains)
    if not wrong:
        measured = any(cite.source in _MEASURED for cite in candidate.cites)
        return "nothing is visibly wrong", _CALM if scene.calm and not measured else 0.0
    return (
        f"explains {explained} of {wrong} symptoms",
        _EXPLAINS * explained / wrong if explained else _EXPLAINS_NOTHING,
    )


def _echo(candidate: Candidate, everyone: Sequence[Candidate], topology: Topology) -> tuple[str, float]:
    if candidate.cause.own:
        return "explains its own state", 0.0
    above = topology.upstream(candidate.subject)
    louder = next((other for other in everyone if other.cause.own and not other.places.isdisjoint(above)), None)
    return (f"{louder.cause.name} of {louder.subject} would explain it", _ECHO) if louder else ("nothing upstream", 0.0)


def _distance(candidate: Candidate, focus: Focus) -> tuple[str, float]:
    weights = [weight for at in sorted(candidate.places) if (weight := focus.weight(at)) is not None]
    return "distance from what the alert names", max(weights)


def _echoes(other: Candidate, best: Candidate, topology: Topology) -> bool:
    """Tell whether a candidate is what the best one would cause, or is behind it and no rival.

    An echo blames no state of its own and feels the other. A change of the same object is behind it: what was changed
    is told with it, and has its weight in the sum already.
    """
    if other.cause.own:
        return False
    if other.cause.category == _CHANGE and best.cause.category != _CHANGE and other.subject == best.subject:
        return True
    if not best.cause.own:
        return False
    return any(other.subject in topology.downstream(place) for place in best.places)


def _confidence(candidate: Candidate, everyone: Iterable[Candidate]) -> float:
    rivals = [other.total for other in everyone if other is not candidate and _competes(other, candidate)]
    top = max(UNKNOWN, candidate.total, *rivals) if rivals else max(UNKNOWN, candidate.total)
    weights = [math.exp(total - top) for total in (UNKNOWN, candidate.total, *rivals)]
    return weights[1] / math.fsum(weights)


def _competes(other: Candidate, candidate: Candidate) -> bool:
    """Tell whether two candidates claim the same trouble, so that at most one of them is right."""
    if other.subject == candidate.subject or other.home & candidate.home:
        return True
    return not candidate.cause.own and bool(candidate.home & other.explains)
