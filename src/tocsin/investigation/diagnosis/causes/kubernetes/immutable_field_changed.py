"""A change to a field that cannot be changed."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.reading.changes.deliveries import Refusal, refusals
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World

_REFUSED = re.compile(
    r"field is immutable|updates to statefulset spec for fields other than .* are forbidden"
    r"|spec is immutable after creation|may not be changed once set"
)
_OBJECT = re.compile(
    r'\b(?P<kind>[A-Z]\w+)(?:\.[\w.]+)? "(?P<name>[a-z0-9.-]+)" is invalid(?:: (?P<field>[\w.\[\]]+))?'
)


@cause("admission", modes=("admit.immutable",))
def immutable_field_changed(world: World) -> Iterator[Finding]:
    """A deployment tool wants to change a field that is fixed once its object is made, and is refused at every try.

    The selector of a workload, most of a StatefulSet, a Job's template, a claim's class or a Service's address cannot
    be changed. Until the object is made anew, nothing else of that release arrives either.

    When it is wrong: hardly ever; the API server names the field.
    """
    for refusal in refusals(world):
        if _REFUSED.search(refusal.text):
            found = _OBJECT.search(refusal.text)
            what = f"{found['kind']} {found['name']}" if found else "an object"
            field = f": {found['field'].rstrip('.')}" if found and found["field"] else ""
            yield Finding(
                refusal.subject,
                f"{refusal.subject.kind} {refusal.subject.name} cannot be applied: it changes a field of {what} that is"
                f" fixed{field}",
                cites=[refusal.cite(CONCLUSIVE)],
                felt_by=refusal.brings,
                remedies=[_look(world, refusal, found)],
            )


def _look(world: World, refusal: Refusal, found: re.Match[str] | None) -> Command:
    """Look at the object that was refused where it is stored, else at the tool's own."""
    scope = refusal.brings[0].namespace if refusal.brings else refusal.subject.namespace
    named = Subject(found["kind"], scope, found["name"]) if found else refusal.subject
    at = named if world.inventory.get(named) else refusal.subject
    return look("get", at.kind.lower(), at.name, "-o", "yaml", of=at, purpose="compare with what is to be applied")
