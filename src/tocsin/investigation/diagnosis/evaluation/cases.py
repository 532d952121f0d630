"""Cases: a recorded failure with its truth, so that a diagnosis can be judged. Format `tocsin-case/1`, see docs/cases.md."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.report import Hypothesis, Report

FORMAT = "tocsin-case/1"
# What belongs to a workload and may be blamed in its place, when its name says whose it is.
_BELONGINGS = ("ConfigMap", "Secret", "PersistentVolumeClaim", "NetworkPolicy")


class CaseError(ValueError):
    """The case can't be used; the message is one line that says what is wrong with it."""


class Blamed(msgspec.Struct, frozen=True):
    """A true subject. An empty kind stands for a workload with its Service and configuration; an empty namespace for any."""

    name: str
    kind: str = ""
    namespace: str = ""

    def matches(self, subject: Subject) -> bool:
        """Tell whether a diagnosis that blames this object is right."""
        if self.namespace and self.namespace != subject.namespace:
            return False
        if self.kind == "Namespace":
            return self.name in (subject.namespace, subject.name)
        if self.kind:
            return (self.kind, self.name) == (subject.kind, subject.name)
        belongs = subject.kind in _BELONGINGS and self.name in subject.name
        return subject.name == self.name or subject.name.startswith(f"{self.name}-") or belongs


class Truth(msgspec.Struct, frozen=True):
    """What is true: the outcome, and for "diagnosed" the causes (any of them) and subjects (any; none: not judged).

    `categories` are accepted in place of causes, where only the kind of the cause is known. `basis` says who
    says so: a person, or only the report of the time, which then is no truth but a memory.
    """

    outcome: Literal["diagnosed", "healthy"] = "diagnosed"
    causes: tuple[str, ...] = ()
    subjects: tuple[Blamed, ...] = ()
    basis: Literal["person", "report"] = "person"
    categories: tuple[str, ...] = ()

    def place(self, report: Report) -> int:
        """Return the rank of the truth in a report, from 1; 0 when it is not there."""
        if self.outcome == "healthy":
            return int(report.outcome == "healthy")
        return next((held.rank for held in report.hypotheses if self.matches(held)), 0)

    def matches(self, hypothesis: Hypothesis) -> bool:
        """Tell whether a hypothesis names a true cause and, where the truth names one, a true subject."""
        right = not self.subjects or any(blamed.matches(hypothesis.subject) for blamed in self.subjects)
        return right and (hypothesis.cause in self.causes or hypothesis.category in self.categories)


class Case(msgspec.Struct, frozen=True):
    """A snapshot (any format that Tocsin reads, as stored) with its truth; None where nobody knows it yet."""

    name: str
    snapshot: msgspec.Raw
    truth: Truth | None = None
    label: str = ""
    source: str = ""
    format: str = FORMAT

    def to_json(self) -> bytes:
        """Encode the case as a file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


def parse_case(data: bytes, name: str) -> Case:
    """Read a case, or a snapshot as a case without truth; raises CaseError."""
    try:
        document = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        told = msgspec.json.decode(document["format"]) if "format" in document else None
        if told != FORMAT:
            return Case(name, msgspec.Raw(data))
        return msgspec.json.decode(data, type=Case)
    except msgspec.DecodeError as error:
        raise CaseError(f"no case: {error}") from None


def translate(told: Mapping[str, object], labels: Mapping[str, Sequence[str]]) -> Truth | None:
    """Make a truth of a `label` and a `fault_object` (app/NAME, node/NAME, namespace/NAME), as collections have them.

    `labels` says which causes a label accepts; None where it does not know the label.
    """
    label = str(told.get("label", ""))
    if label == "healthy_no_fault":
        return Truth("healthy")
    if label not in labels:
        return None
    kind, _, name = str(told.get("fault_object") or "").partition("/")
    kinds = {"app": "", "node": "Node", "namespace": "Namespace"}
    blamed = (Blamed(name, kinds.get(kind, kind)),) if name else ()
    return Truth("diagnosed", tuple(labels[label]), subjects=blamed)


def translate_category(told: Mapping[str, object], *, strict: bool) -> Truth:
    """Make a truth of a `true_category`, with `alt_acceptable_categories` unless `strict`, as collections of logs have them."""
    others = told.get("alt_acceptable_categories")
    accepted = () if strict or not isinstance(others, list) else tuple(map(str, others))
    return Truth("diagnosed", categories=(str(told["true_category"]), *accepted))
