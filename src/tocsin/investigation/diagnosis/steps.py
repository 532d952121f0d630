"""A diagnosis from end to end: seven steps from a snapshot to a report."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from msgspec.structs import replace

from tocsin.investigation.diagnosis.advice import commands
from tocsin.investigation.diagnosis.cause import Cause, Finding, suited
from tocsin.investigation.diagnosis.engine import Answer, Verdict, examine
from tocsin.investigation.diagnosis.evidence import Citation, masked
from tocsin.investigation.diagnosis.focus import Focus, focus_on, subject_of
from tocsin.investigation.diagnosis.gaps import gaps, unlooked
from tocsin.investigation.diagnosis.inventory import WORKLOADS, Inventory
from tocsin.investigation.diagnosis.known import Known
from tocsin.investigation.diagnosis.onset import onset
from tocsin.investigation.diagnosis.ranking import UNKNOWN, Candidate, Ranked, Scene, candidates, rank
from tocsin.investigation.diagnosis.reading.changes.edits import Edit, Recency, ago
from tocsin.investigation.diagnosis.reading.terraform.account import account
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.report import Evidence, Hypothesis, Report, label
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.sections import Named
from tocsin.investigation.diagnosis.snapshot import Snapshot
from tocsin.investigation.diagnosis.symptoms import Symptom, symptoms
from tocsin.investigation.diagnosis.topology import Topology

_MOST = 5
_SURE = 0.5
# What people mean when they ask what a workload depends on; its own pods are no answer.
_TOLD = ("Service", "ConfigMap", "Secret", "PersistentVolumeClaim", "Node")
_SAID = {
    Answer.FIRED: "fired",
    Answer.CLEAR: "clear",
    Answer.UNKNOWN: "could not tell",
    Answer.BROKEN: "broke",
}


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
    cause, learned for this environment. `clock` returns seconds and only measures how long each step and the whole
    took; without it `took_ms` is 0.
    """
    started = clock() if clock else 0.0
    snapshot = _asked(snapshot, subject)
    case = _Case(snapshot, subject, suited(snapshot) if causes is None else causes, priors or {})
    walked = _walk(case.steps, clock)
    report = Report(
        outcome=case.outcome,
        hypotheses=case.hypotheses,
        examined=case.examined,
        gaps=gaps(case.verdicts, case.inventory),
        steps=walked,
        elsewhere=case.elsewhere,
    )
    return replace(report, took_ms=round(1000 * (clock() - started))) if clock else report


def _asked(snapshot: Snapshot, subject: Subject | None) -> Snapshot:
    """What a person asks about is as good as what an alert names, for causes that look whether anybody asked."""
    if subject is None or snapshot.alert.resource:
        return snapshot
    named = Named(subject.kind, subject.namespace or None, subject.name)
    return replace(snapshot, alert=replace(snapshot.alert, resource=named))


def _walk(steps: Mapping[str, Callable[[], str]], clock: Callable[[], float] | None) -> tuple[str, ...]:
    """Take the steps one after another, and tell what each found and how long it took."""
    told = []
    for name, find in steps.items():
        began = clock() if clock else 0.0
        found = find()
        told.append(f"{name}: {found} ({1000 * (clock() - began):.0f} ms)" if clock else f"{name}: {found}")
    return tuple(told)


class _Case:
    """One diagnosis, each part worked out when it is first needed."""

    def __init__(
        self, snapshot: Snapshot, subject: Subject | None, causes: Sequence[Cause], priors: Mapping[str, float]
    ):
        self.snapshot = snapshot
        self.inventory = Inventory(snapshot)
        self.topology = Topology(self.inventory)
        self.known = Known(self.inventory)
        self.causes = causes
        self.priors = priors
        self.subject, self.doubt = subject_of(subject, self.inventory)
        if self._alone and subject is None:
            # An alert about a run names a project or a pipeline, and everything that was read is that run's.
            self.subject, self.doubt = None, ""

    @property
    def _alone(self) -> bool:
        """Whether a deployment is all that was read."""
        return self.inventory.deployment is not None and not self.snapshot.objects

    @cached_property
    def focus(self) -> Focus:
        return focus_on(self.subject, self.doubt, self.inventory, self.topology)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        return examine(self.causes, self.inventory, self.topology, self.known)

    @cached_property
    def symptoms(self) -> tuple[Symptom, ...]:
        return symptoms(self.inventory)

    @cached_property
    def in_view(self) -> tuple[Symptom, ...]:
        """What is wrong with what people ask about, and with all that it needs."""
        return tuple(symptom for symptom in self.symptoms if self.focus.covers(symptom.subject))

    @cached_property
    def recency(self) -> Recency | None:
        """The changes, beside when the trouble in view began; else when it was looked at."""
        began = self._began(symptom.subject for symptom in self.in_view) or self.snapshot.captured_at
        return Recency(self.known.edits, began) if began else None

    def _began(self, subjects: Iterable[Subject]) -> datetime | None:
        return onset(subjects, self.inventory)

    @cached_property
    def candidates(self) -> list[Candidate]:
        return candidates(self.verdicts, self._scene(self.focus, self.in_view))

    @cached_property
    def ranked(self) -> list[Ranked]:
        return rank(self.candidates, self._scene(self.focus, self.in_view))[:_MOST]

    @cached_property
    def elsewhere(self) -> tuple[str, ...]:
        """What is wrong where it cannot be to blame: the causes that hold there, then what none of them explains."""
        here = {(one.cause, one.subject) for one in self.candidates}
        scene = self._scene(Focus(None), tuple(one for one in self.symptoms if one not in self.in_view))
        others = [one for one in candidates(self.verdicts, scene) if (one.cause, one.subject) not in here]
        held = [ranked for ranked in rank(others, scene) if ranked.confidence >= _SURE]
        explained = {symptom for ranked in held for symptom in ranked.candidate.explains}
        rest = [symptom.text for symptom in scene.symptoms if symptom not in explained]
        told = [f"{one.candidate.subject}: {_telling(one.candidate).summary}" for one in held]
        return tuple(masked(text) for text in (*told, *rest))

    def _scene(self, focus: Focus, wrong: tuple[Symptom, ...]) -> Scene:
        calm = bool(self._pods) and not self.snapshot.alert.title
        return Scene(self.topology, wrong, focus, self.recency, self.priors, self._began, calm)

    @cached_property
    def _pods(self) -> list[Pod]:
        return [pod for pod in self.inventory.pods if self.focus.covers(pod.subject)]

    @property
    def outcome(self) -> str:
        if self.ranked and self.ranked[0].confidence >= _SURE:
            return "diagnosed"
        if self.snapshot.alert.by_design and self.subject is None and not self.in_view:
            return "healthy"
        return "inconclusive" if self.in_view or self.ranked or not self._seen else "healthy"

    @property
    def _seen(self) -> bool:
        """Whether enough was looked at to call it healthy: the subject is stored, and so are pods with their logs.

        A deployment alone is healthy when it came to a good end.
        """
        if self.inventory.deployment and self._alone:
            return self.inventory.deployment.succeeded
        named = self.subject and self.subject.kind != "Namespace"
        if named and self.subject and self.inventory.get(self.subject) is None:
            return False
        keys = (pod.log_of(container.name) for pod in self._pods for container in pod.containers)
        return any(key in self.snapshot.logs for key in keys)

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        return tuple(
            _hypothesis(position, ranked, self.inventory, self.recency)
            for position, ranked in enumerate(self.ranked, 1)
        )

    @property
    def examined(self) -> tuple[Subject, ...]:
        failed = self.inventory.deployment.failures if self.inventory.deployment else ()
        stored = {*self.snapshot.by_subject, *(failure.subject for failure in failed)}
        return tuple(sorted(at for at in stored if self.focus.covers(at)))

    @property
    def steps(self) -> Mapping[str, Callable[[], str]]:
        """The seven steps in their order; each reads what those before it left to read."""
        if self.inventory.deployment and self._alone:
            first = account(self.inventory.deployment)
            return {**first, "hypotheses": lambda: f"{self._answers()}; {self._conclusion()}"}
        return {
            "alert": self._alert,
            "resource": self._resource,
            "logs": self._logs,
            "scope": lambda: f"{self._scope()}; wrong: {_told(self.in_view)}",
            "dependencies": self._dependencies,
            "changes": self._changes,
            "hypotheses": lambda: f"{self._answers()}; {self._conclusion()}",
        }

    def _alert(self) -> str:
        design = ", which fires by design" if self.snapshot.alert.by_design else ""
        origin = f"; read from {self.snapshot.origin}" if self.snapshot.origin else ""
        title = f"{self.snapshot.alert.title or 'none'}{design}"
        return f"{title}; asked about {self.subject or 'everything that was collected'}{origin}"

    def _logs(self) -> str:
        logs = self.snapshot.logs
        before = sum(bool(log.previous) for log in logs.values())
        wrong = sum(bool(self.inventory.logs.complaints(key, run)) for key in logs for run in ("current", "previous"))
        return f"{_many(len(logs), 'container')}, {before} with the run before; {wrong} complain"

    def _changes(self) -> str:
        edits = self.recency.latest if self.recency else {}
        told = [f"{edit.subject.kind} {edit.subject.name} {self._aged(edit)}" for edit in _newest(edits)]
        return "; ".join(told) or "none known"

    def _aged(self, edit: Edit) -> str:
        began = self.recency.onset if self.recency else edit.at
        when = f"{ago(edit.at, began)} before" if edit.at <= began else f"{ago(began, edit.at)} after"
        return f"changed {when} by {edit.by}: {edit.what}"

    def _scope(self) -> str:
        read, live = self.snapshot.events, self.inventory.events
        stale = len(read) - len(live)
        return f"{_many(len(self.snapshot.objects), 'object')}, {_many(len(read), 'event')}, {stale} of them stale"

    def _resource(self) -> str:
        if self.subject is None:
            return "none named"
        if self.subject.kind == "Namespace":
            return f"namespace {self.subject.name}, {_many(len(self.examined), 'object')} examined"
        return f"{self.subject} is {self.topology.health(self.subject)}"

    def _dependencies(self) -> str:
        if self.subject is None or self.subject.kind == "Namespace":
            calls = sum(edge.relation == "calls" for edge in self.topology.edges)
            return f"{_many(len(self.topology.edges), 'link')} between objects, {_many(calls, 'call')} among them"
        top = self.topology.owner(self.subject)
        needed = [at for at in self.topology.upstream(top) if at.kind in _TOLD and at != top]
        callers = [at for at in self.topology.downstream(top) if at.kind in WORKLOADS and at != top]
        return f"{top} needs {_listed(needed)}; it is needed by {_listed(callers)}"

    def _answers(self) -> str:
        """Count the causes by what they answered; one that fired anywhere fired."""
        first: dict[str, Answer] = {}
        for verdict in self.verdicts:
            first.setdefault(verdict.cause.name, verdict.answer)
        counted = Counter(_SAID[answer] for answer in first.values())
        unasked = unlooked(self.verdicts)
        told = f"; not looked at: {', '.join(unasked)}" if unasked else ""
        return f"{_many(len(self.causes), 'cause')} asked, {_counted(counted)}{told}"

    def _conclusion(self) -> str:
        told = f"; also wrong elsewhere: {'; '.join(self.elsewhere[:3])}" if self.elsewhere else ""
        return (f"{self.ranked[0].candidate.cause.name} ranks first" if self.ranked else "none holds") + told


def _telling(candidate: Candidate) -> Finding:
    """Return the finding with the heaviest evidence."""
    return max(candidate.findings, key=lambda found: (sum(cite.counted for cite in found.cites), found.summary))


def _hypothesis(position: int, ranked: Ranked, inventory: Inventory, recency: Recency | None) -> Hypothesis:
    candidate = ranked.candidate
    first = _telling(candidate)
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
        explains=tuple(symptom.text for symptom in sorted(candidate.explains)),
        folded=tuple(folded),
        contributing=_contributing(candidate, recency),
        commands=commands(ranked, first, inventory),
        reckoning=_lines(ranked),
    )


def _lines(ranked: Ranked) -> tuple[str, ...]:
    """Return the sum line by line, then the total, what it competes with, and what else bounds the confidence."""
    candidate = ranked.candidate
    doubt = f"at most {ranked.confidence:.0%}: {ranked.doubt}" if ranked.doubt else ""
    lines = [f"{amount:+.2f} {why}" for why, amount in candidate.reckoning]
    total = f"= {candidate.total:+.2f}, against {UNKNOWN:+.2f} for a cause unknown and the other possibilities"
    return (*lines, total, *([doubt] if doubt else []))


def _contributing(candidate: Candidate, recency: Recency | None) -> tuple[str, ...]:
    told = [text for found in candidate.findings for text in found.contributing]
    if recency:
        changed, weight = recency.suspect(candidate.subject, candidate.cited, candidate.cause.category)
        told += [f"{changed.kind} {changed.name} {recency.told(changed)}"] if weight else []
    return tuple(dict.fromkeys(map(masked, told)))


def _evidence(prefix: str, cites: Sequence[Citation]) -> tuple[Evidence, ...]:
    shown = [masked(cite.value) if isinstance(cite.value, str) else cite.value for cite in cites]
    return tuple(
        Evidence(f"{prefix}{number}", cite.ref, value, round(cite.counted, 3))
        for number, (cite, value) in enumerate(zip(cites, shown, strict=True), 1)
    )


def _told(found: Sequence[Symptom]) -> str:
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return "; ".join(symptom.text for symptom in found[:5]) + more or "nothing visibly"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _listed(subjects: Sequence[Subject]) -> str:
    more = f" and {len(subjects) - 4} more" if len(subjects) > 4 else ""
    return ", ".join(f"{at.kind} {at.name}" for at in sorted(subjects)[:4]) + more or "nothing"


def _counted(counter: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items())) or "none found"


def _newest(edits: Mapping[Subject, Edit]) -> list[Edit]:
    return sorted(edits.values(), key=lambda edit: (edit.at, edit.subject), reverse=True)[:3]
