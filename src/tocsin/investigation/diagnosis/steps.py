"""A diagnosis from end to end: seven steps from a snapshot to a report."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from tocsin.investigation.diagnosis.cause import Cause, Finding, catalogue
from tocsin.investigation.diagnosis.changes import Edit, Recency, latest_edits
from tocsin.investigation.diagnosis.engine import Answer, Verdict, examine
from tocsin.investigation.diagnosis.evidence import Citation, masked
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.ranking import Candidate, Ranked, Scene, candidates, near, rank
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.report import Evidence, Hypothesis, Report, label
from tocsin.investigation.diagnosis.snapshot import Snapshot
from tocsin.investigation.diagnosis.stored import CLUSTER_SCOPED
from tocsin.investigation.diagnosis.symptoms import Symptom, symptoms
from tocsin.investigation.diagnosis.topology import Topology

_MOST = 5
_SURE = 0.5


def diagnose(
    snapshot: Snapshot,
    *,
    subject: Subject | None = None,
    causes: Sequence[Cause] | None = None,
    priors: Mapping[str, float] | None = None,
    clock: Callable[[], float] | None = None,
) -> Report:
    """Find out why: from a snapshot to ranked hypotheses with their evidence.

    `subject` is what people ask about; without it, what the snapshot's alert names. `priors` are log-odds (nats) by
    cause, learned for this environment. `clock` returns seconds and only measures `took_ms`, which is 0 without it.
    """
    started = clock() if clock else 0.0
    case = _Case(snapshot, subject, catalogue() if causes is None else causes, priors or {})
    report = Report(
        outcome=case.outcome,
        hypotheses=case.hypotheses,
        examined=case.examined,
        gaps=case.gaps,
        steps=case.steps,
    )
    return replace(report, took_ms=round(1000 * (clock() - started))) if clock else report


class _Case:
    """One diagnosis, each part worked out when it is first needed."""

    def __init__(
        self, snapshot: Snapshot, subject: Subject | None, causes: Sequence[Cause], priors: Mapping[str, float]
    ):
        self.snapshot = snapshot
        self.inventory = Inventory(snapshot)
        self.topology = Topology(self.inventory)
        self.causes = causes
        self.priors = priors
        self.subject = subject or _alerted(snapshot)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        return examine(self.causes, self.inventory, self.topology)

    @cached_property
    def near(self) -> Mapping[Subject, float] | None:
        if self.subject is None or self.subject.kind == "Namespace":
            return None
        return near(self.subject, self.inventory.controller(self.subject), self.topology)

    @cached_property
    def symptoms(self) -> tuple[Symptom, ...]:
        return symptoms(self.inventory)

    @cached_property
    def in_view(self) -> tuple[Symptom, ...]:
        """What is wrong with what people ask about, and with all that it needs."""
        return tuple(symptom for symptom in self.symptoms if self.near is None or symptom.subject in self.near)

    @cached_property
    def scene(self) -> Scene:
        now = self.snapshot.captured_at
        recency = Recency(latest_edits(self.inventory), now) if now else None
        return Scene(self.topology, self.in_view, self.near, recency, self.priors)

    @cached_property
    def candidates(self) -> list[Candidate]:
        return candidates(self.verdicts, self.scene)

    @cached_property
    def ranked(self) -> list[Ranked]:
        return rank(self.candidates, self.scene)[:_MOST]

    @property
    def outcome(self) -> str:
        if self.ranked and self.ranked[0].confidence >= _SURE:
            return "diagnosed"
        return "inconclusive" if self.in_view or self.ranked or not self._seen else "healthy"

    @property
    def _seen(self) -> bool:
        """Whether enough was looked at to call it healthy: the subject is stored, and so are pods with their logs."""
        if self.near is not None and self.subject and self.inventory.get(self.subject) is None:
            return False
        pods = [pod for pod in self.inventory.pods if self.near is None or pod.subject in self.near]
        keys = (f"{pod.namespace}/{pod.name}/{container.name}" for pod in pods for container in pod.containers)
        return any(key in self.snapshot.logs for key in keys)

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        return tuple(
            _hypothesis(position, ranked, self.scene.recency) for position, ranked in enumerate(self.ranked, 1)
        )

    @property
    def examined(self) -> tuple[Subject, ...]:
        if self.near is None:
            return tuple(sorted(self.snapshot.by_subject))
        return tuple(sorted(at for at in self.near if self.inventory.get(at)))

    @property
    def gaps(self) -> tuple[str, ...]:
        missed = {verdict.why for verdict in self.verdicts if verdict.answer is Answer.UNKNOWN}
        broken = {f"{v.cause.name} broke: {v.why}" for v in self.verdicts if v.answer is Answer.BROKEN}
        return tuple(dict.fromkeys((*map(str, self.snapshot.gaps), *sorted(missed | broken))))

    @property
    def steps(self) -> tuple[str, ...]:
        answers = Counter(verdict.answer.value for verdict in self.verdicts)
        logs = self.snapshot.logs.values()
        kinds = Counter(edge.relation for edge in self.topology.edges)
        edits = self.scene.recency.latest if self.scene.recency else {}
        return (
            f"alert: {self.snapshot.alert.title or 'none'}; asked about {self.subject or 'everything that was collected'}",
            f"resource: {self._resource()}",
            f"logs: {len(logs)} containers, {sum(bool(log.previous) for log in logs)} with the run before",
            f"scope: {self._scope()}; wrong: {_told(self.in_view)}",
            f"dependencies: {_counted(kinds)}",
            f"changes: {'; '.join(f'{edit.what} by {edit.by}' for edit in _newest(edits)) or 'none known'}",
            f"hypotheses: {len(self.causes)} causes asked, {_counted(answers)}; {self._conclusion()}",
        )

    def _scope(self) -> str:
        stale = len(self.snapshot.events) - len(self.inventory.events)
        return f"{len(self.snapshot.objects)} objects, {len(self.snapshot.events)} events, {stale} of them stale"

    def _resource(self) -> str:
        if self.subject is None:
            return "none named"
        return f"{self.subject} is {self.topology.health(self.subject)}"

    def _conclusion(self) -> str:
        elsewhere = [s.text for s in self.symptoms if s not in self.in_view]
        told = f"; elsewhere: {'; '.join(elsewhere[:3])}" if elsewhere else ""
        return (f"{self.ranked[0].candidate.cause.name} ranks first" if self.ranked else "none holds") + told


def _alerted(snapshot: Snapshot) -> Subject | None:
    named = snapshot.alert.resource
    if named is None or not (named.kind and named.name):
        return Subject("Namespace", "", snapshot.namespace) if snapshot.namespace else None
    scope = "" if named.kind in CLUSTER_SCOPED else named.namespace or snapshot.namespace
    return Subject(named.kind, scope, named.name)


def _hypothesis(position: int, ranked: Ranked, recency: Recency | None) -> Hypothesis:
    candidate = ranked.candidate
    first = max(candidate.findings, key=lambda found: (sum(cite.counted for cite in found.cites), found.summary))
    folded = [masked(f"{other.cause.name}: {other.findings[0].summary}") for other in ranked.folded]
    return Hypothesis(
        rank=position,
        cause=candidate.cause.name,
        category=candidate.cause.category,
        subject=candidate.subject,
        confidence=round(ranked.confidence, 3),
        confidence_label=label(ranked.confidence),
        summary=masked(first.summary),
        explanation=candidate.cause.explanation,
        evidence=_evidence("e", candidate.cites),
        against=_evidence("a", candidate.against),
        explains=(*(symptom.text for symptom in sorted(candidate.explains)), *folded),
        contributing=_contributing(candidate, recency),
        commands=_commands(ranked, first),
        reckoning=tuple(f"{amount:+.2f} {why}" for why, amount in candidate.reckoning),
    )


def _contributing(candidate: Candidate, recency: Recency | None) -> tuple[str, ...]:
    told = [text for found in candidate.findings for text in found.contributing]
    if recency:
        changed, weight = recency.suspect(candidate.subject, candidate.cited)
        told += [f"{changed.kind} {changed.name} {recency.told(changed)}"] if weight else []
    return tuple(dict.fromkeys(map(masked, told)))


def _commands(ranked: Ranked, first: Finding) -> tuple[Command, ...]:
    """Return what to type: the best finding's remedies, the others', and going back on a change that led there."""
    candidate = ranked.candidate
    led = [other for other in ranked.folded if other.cause.category == "change" and other.subject == candidate.subject]
    rest = [found for one in (candidate, *led) for found in one.findings]
    return tuple(dict.fromkeys((*first.remedies, *(command for found in rest for command in found.remedies))))


def _evidence(prefix: str, cites: Sequence[Citation]) -> tuple[Evidence, ...]:
    shown = [masked(cite.value) if isinstance(cite.value, str) else cite.value for cite in cites]
    return tuple(
        Evidence(f"{prefix}{number}", cite.ref, value, round(cite.counted, 3))
        for number, (cite, value) in enumerate(zip(cites, shown, strict=True), 1)
    )


def _told(found: Sequence[Symptom]) -> str:
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return "; ".join(symptom.text for symptom in found[:5]) + more or "nothing visibly"


def _counted(counter: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items())) or "none found"


def _newest(edits: Mapping[Subject, Edit]) -> list[Edit]:
    return sorted(edits.values(), key=lambda edit: (edit.at, edit.subject), reverse=True)[:3]
