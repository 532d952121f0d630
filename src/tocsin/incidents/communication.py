"""How this installation communicates: templates, rhythm and checklists, each a text that managers edit, with its versions.

Django finds the tables through `models`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import product

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from tocsin.ground.edits import BadEdit, revised
from tocsin.incidents import checklist, rhythm
from tocsin.incidents.audience import Audience, Moment
from tocsin.incidents.drafts import check_template, template_of
from tocsin.incidents.triage import Severity

RHYTHM = "rhythm"


class CommunicationText(models.Model):
    """A version of a text; the newest counts, and none is changed. An empty one means: as Tocsin has it."""

    key = models.TextField(help_text="which one, such as template-external-identified")
    version = models.PositiveIntegerField(help_text="1 is the first that a person wrote")
    text = models.TextField(blank=True)
    author = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="communication_text_once")]


class ChecklistTick(models.Model):
    """An item of an incident's checklist that somebody ticked by hand; what Tocsin sees done by itself has no row."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="ticks", db_index=False)
    item = models.TextField(help_text="the item's words")
    ticked_by = models.TextField()
    ticked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "item"], name="checklist_item_once")]


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it counts: `version` 0 and no author mean that it is as Tocsin brings it. `own` is what Tocsin brings."""

    key: str
    own: str
    kept: CommunicationText | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return (self.kept.text if self.kept else "") or self.own

    @property
    def version(self) -> int:
        """Which one that is."""
        return self.kept.version if self.kept else 0

    @property
    def is_own(self) -> bool:
        """Whether it is what Tocsin brings."""
        return self.kept is None or not self.kept.text


def template_key(audience: Audience, moment: Moment) -> str:
    """The key of a template."""
    return f"template-{audience}-{moment}"


def checklist_key(severity: Severity) -> str:
    """The key of a checklist."""
    return f"checklist-{severity}"


DEFAULTS = {
    RHYTHM: rhythm.DEFAULT,
    **{template_key(audience, moment): template_of(audience, moment) for audience, moment in product(Audience, Moment)},
    **{checklist_key(severity): checklist.DEFAULTS[severity] for severity in Severity},
}


def texts() -> dict[str, Text]:
    """Every text, by its key."""
    newest = CommunicationText.objects.order_by("key", "-version").distinct("key")
    kept = {version.key: version for version in newest}
    return {key: Text(key, own, kept.get(key)) for key, own in DEFAULTS.items()}


def text_of(key: str, at: datetime | None = None) -> Text:
    """One text; with `at`, as it was then. Raises KeyError where there is none of that key."""
    counting = Q(key=key) if at is None else Q(key=key, at__lte=at)
    return Text(key, DEFAULTS[key], CommunicationText.objects.filter(counting).order_by("-version").first())


def the_rhythm() -> rhythm.Rhythm:
    """How often each severity calls for an update."""
    return rhythm.read_rhythm(text_of(RHYTHM).text)


def versions_of(key: str) -> list[CommunicationText]:
    """What people wrote, newest first."""
    return list(CommunicationText.objects.filter(key=key).order_by("-version"))


@transaction.atomic
def keep(key: str, text: str, *, seen: int, author: str, now: datetime) -> Text:
    """Keeps a text in somebody's words; an empty one, or Tocsin's own, brings that back. `seen` is the version edited.

    Raises KeyError, BadEdit where somebody was faster or nothing is different, and ValueError with what can't be read in it.
    """
    held = text_of(key)
    author_of = held.kept.author if held.kept else ""
    kept = revised(text, seen=seen, newest=held.version, author=author_of, what="this text")
    if kept in (held.text, "" if held.is_own else held.text):
        raise BadEdit("Nothing is different from what counts.")
    _check(key, kept or held.own)
    kept = "" if kept == held.own else kept
    try:
        with transaction.atomic():
            made = CommunicationText.objects.create(key=key, version=seen + 1, text=kept, author=author, at=now)
    except IntegrityError:
        raise BadEdit("Somebody else has just changed this text; look at theirs, then change that.") from None
    return Text(key, held.own, made)


def _check(key: str, text: str) -> None:
    if key == RHYTHM:
        rhythm.read_rhythm(text)
    elif key.startswith("checklist-"):
        checklist.read_checklist(text)
    else:
        check_template(text, Audience(key.split("-")[1]))
