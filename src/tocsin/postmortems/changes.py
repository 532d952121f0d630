"""What people and Tocsin do to postmortems: each change under the incident's row lock, with a line on its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tocsin.accounts.access import Role
from tocsin.catalog.memberships import people
from tocsin.ground.edits import revised
from tocsin.ground.models import Timer
from tocsin.incidents import changes
from tocsin.incidents.changes import TOCSIN, BadChange
from tocsin.incidents.documents import Part, keep_words
from tocsin.incidents.lifecycle import Resolution, Status, is_open
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.postmortems.draft import draft
from tocsin.postmortems.models import Postmortem, SectionVersion
from tocsin.postmortems.reading import record_of
from tocsin.postmortems.sections import Section, unfinished
from tocsin.postmortems.states import Need, State, need, refusal, unfit_to_complete

TIMER = "postmortem"
EXPORT = "postmortem-export"
REMIND_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Text:
    """What a section says: `version` 0 and no author mean that it is drafted from the record, as that is now."""

    text: str
    drafted: str
    version: int = 0
    author: str = ""
    at: datetime | None = None


def texts_of(postmortem: Postmortem) -> dict[Section, Text]:
    """What each section says. The postmortem comes with its incident, environment and project."""
    newest = {kept.section: kept for kept in postmortem.versions.order_by("version")}
    drafted = draft(record_of(postmortem.incident))
    return {
        section: Text(kept.text, drafted[section], kept.version, kept.author, kept.at)
        if (kept := newest.get(section.value))
        else Text(drafted[section], drafted[section])
        for section in Section
    }


def postmortem_of(incident_id: int) -> Postmortem:
    """With its incident, environment, project and owner. Raises Postmortem.DoesNotExist."""
    found = Postmortem.objects.select_related("incident__environment__project", "incident__recurrence_of", "owner")
    return found.get(pk=incident_id)


@transaction.atomic
def open_if_needed(incident_id: int, now: datetime) -> None:
    """What the end of an incident calls for: a draft where its severity needs one, due from then; nothing while it is open."""
    incident = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    if incident is None or is_open(Status(incident.status)) or incident.resolved_at is None:
        return
    needed, reason = need(Severity(incident.severity), Resolution(incident.resolution) if incident.resolution else None)
    held = Postmortem.objects.filter(pk=incident_id).first()
    if needed is Need.NONE:
        if held is not None and held.state == State.PENDING:
            held.delete()
        _owe(incident, "")
    elif held is None:
        _open(incident, needed, reason, TOCSIN, now)
    elif held.state != State.COMPLETE:
        _renew(held, incident, needed, reason, now)
    elif held.completed_at is not None and held.completed_at < incident.resolved_at:
        _question(held, incident, now)


def _question(held: Postmortem, incident: Incident, now: datetime) -> None:
    """What is complete stays as it is; somebody is asked once after each end whether it still holds."""
    if not incident.timeline.filter(kind="postmortem", actor=TOCSIN, at__gte=incident.resolved_at).exists():
        told = "The postmortem was complete before this end: look at it again, and take it up again where it no longer holds."
        changes.record(incident, "postmortem", told, actor=TOCSIN, now=now)


def _renew(held: Postmortem, incident: Incident, needed: Need, reason: str, now: datetime) -> None:
    """It was reopened and has ended again, or its severity is another; a later day that people have set stands."""
    if held.need != needed:
        told = f"The postmortem is {needed} now, since {reason}."
        changes.record(incident, "postmortem", told, actor=TOCSIN, now=now)
    held.need, held.need_reason, held.due_at = needed.value, reason, max(held.due_at, _due(incident, now))
    held.save()
    _owe(incident, _debt(needed))
    _wind(held)
    if held.state != State.PENDING and incident.status == Status.RESOLVED:
        changes.change_status(incident.pk, Status.POSTMORTEM, actor=TOCSIN, now=now, reason="it is being written")


@transaction.atomic
def open_by_hand(incident_id: int, *, actor: str, now: datetime) -> Postmortem:
    """A postmortem that somebody wants to write, needed or not. Raises BadChange, Incident.DoesNotExist."""
    incident = changes.locked(incident_id)
    if Postmortem.objects.filter(pk=incident_id).exists():
        raise BadChange(f"{incident.name} has a postmortem already.")
    if is_open(Status(incident.status)):
        raise BadChange(f"{incident.name} is {incident.status}: resolve it first.")
    return _open(incident, Need.RECOMMENDED, f"{actor} asked for it", actor, now)


def _open(incident: Incident, needed: Need, reason: str, actor: str, now: datetime) -> Postmortem:
    made = Postmortem.objects.create(
        incident=incident,
        need=needed.value,
        need_reason=reason,
        owner_id=incident.assignee_id,
        opened_at=now,
        due_at=_due(incident, now),
    )
    _owe(incident, _debt(needed))
    _wind(made)
    text = f"Postmortem opened as a draft: {needed}, since {reason}. Due {made.due_at:%Y-%m-%d %H:%M} UTC."
    changes.record(incident, "postmortem", text, actor=actor, now=now)
    return made


def _due(incident: Incident, now: datetime) -> datetime:
    return (incident.resolved_at or now) + timedelta(hours=settings.CONFIG.postmortem_hours)


def _debt(needed: Need) -> str:
    return "its postmortem is mandatory and not complete" if needed is Need.MANDATORY else ""


def _owe(incident: Incident, what: str) -> None:
    Incident.objects.filter(pk=incident.pk).update(owes=what)


def _wind(postmortem: Postmortem) -> None:
    Timer.objects.update_or_create(kind=TIMER, key=str(postmortem.pk), defaults={"due_at": postmortem.due_at})


@transaction.atomic
def write(incident_id: int, section: Section, text: str, *, seen: int, actor: str, now: datetime) -> SectionVersion:
    """Keeps a section in somebody's words; `seen` is the version that was edited, 0 the draft.

    Raises BadEdit where somebody was faster, BadChange when it is complete, Postmortem.DoesNotExist.
    """
    postmortem = _locked(incident_id)
    if postmortem.state == State.COMPLETE:
        raise BadChange("It is complete: take it up again first.")
    held = postmortem.versions.filter(section=section.value).order_by("-version").first()
    newest, author = (held.version, held.author) if held else (0, "")
    kept = revised(text, seen=seen, newest=newest, author=author, what=f"“{section.heading}”")
    made = _keep(postmortem, section, kept, newest + 1, actor, now)
    if postmortem.state == State.PENDING:
        _begin(postmortem, actor, now)
    told = f"Wrote “{section.heading}” of the postmortem: version {made.version}."
    changes.record(postmortem.incident, "postmortem", told, actor=actor, now=now)
    return made


def _keep(
    postmortem: Postmortem, section: Section, text: str, version: int, author: str, now: datetime
) -> SectionVersion:
    said = {"section": section.value, "version": version, "text": text, "author": author, "at": now}
    made = SectionVersion.objects.create(postmortem=postmortem, **said)
    newest = dict(postmortem.versions.order_by("version").values_list("section", "text"))
    keep_words(postmortem.pk, Part.POSTMORTEM, "\n".join(newest.values()))
    return made


def _begin(postmortem: Postmortem, actor: str, now: datetime) -> None:
    """Whoever writes first has begun it, and the incident is at this stage too."""
    postmortem.state = State.IN_PROGRESS.value
    postmortem.save(update_fields=["state"])
    if postmortem.incident.status == Status.RESOLVED:
        changes.change_status(postmortem.pk, Status.POSTMORTEM, actor=actor, now=now)


@transaction.atomic
def own(incident_id: int, user_id: int | None, user_name: str, *, actor: str, now: datetime) -> None:
    """Says who sees to it that it is written."""
    postmortem = _locked(incident_id)
    postmortem.owner_id = user_id
    postmortem.save(update_fields=["owner"])
    told = f"The postmortem is {user_name}’s." if user_name else "The postmortem is nobody’s."
    changes.record(postmortem.incident, "postmortem", told, actor=actor, now=now)


@transaction.atomic
def reschedule(incident_id: int, due_at: datetime, *, actor: str, now: datetime) -> None:
    """Another day by which it is due."""
    postmortem = _locked(incident_id)
    postmortem.due_at = due_at
    postmortem.save(update_fields=["due_at"])
    _wind(postmortem)
    told = f"The postmortem is due {due_at:%Y-%m-%d %H:%M} UTC now."
    changes.record(postmortem.incident, "postmortem", told, actor=actor, now=now)


@transaction.atomic
def move(incident_id: int, to: State, *, reason: str = "", actor: str, now: datetime) -> Postmortem:
    """Another state. Raises BadChange, saying why not; Postmortem.DoesNotExist."""
    postmortem, reason = _locked(incident_id), reason.replace("\x00", "").strip()
    current = State(postmortem.state)
    if why := refusal(current, to, reason):
        raise BadChange(why)
    if to == State.COMPLETE:
        _complete(postmortem, actor, now)
    elif current == State.PENDING:
        _begin(postmortem, actor, now)
    else:
        if current == State.COMPLETE:
            postmortem.completed_at, postmortem.completed_by = None, ""
            _owe(postmortem.incident, _debt(Need(postmortem.need)))
            _wind(postmortem)
        postmortem.state = to.value
        postmortem.save()
    told = f"Postmortem {current} → {to}" + (f": {reason}" if reason else ".")
    changes.record(postmortem.incident, "postmortem", told, actor=actor, now=now)
    return postmortem


def _complete(postmortem: Postmortem, actor: str, now: datetime) -> None:
    """Closes it: whole, read by somebody else, and from now on what it says, whatever the record becomes."""
    texts = texts_of(postmortem)
    if missing := unfinished({section: text.text for section, text in texts.items()}):
        raise BadChange(f"A person must still write: {', '.join(section.heading for section in missing)}.")
    authors = set(postmortem.versions.values_list("author", flat=True))
    able = people(Role.RESPONDER, [postmortem.incident.environment.project_id])
    if why := unfit_to_complete(actor, authors, list(able.values_list("username", flat=True))):
        raise BadChange(why)
    for section, text in texts.items():
        if not text.version:
            _keep(postmortem, section, text.text, 1, TOCSIN, now)
    postmortem.state = State.COMPLETE.value
    postmortem.completed_at, postmortem.completed_by = now, actor
    postmortem.save()
    _owe(postmortem.incident, "")
    Timer.objects.filter(kind=TIMER, key=str(postmortem.pk)).delete()
    if settings.CONFIG.postmortem_dir:
        Timer.objects.update_or_create(kind=EXPORT, key=str(postmortem.pk), defaults={"due_at": now})


@transaction.atomic
def remind(incident_id: int, now: datetime) -> None:
    """Says on the timeline that a postmortem is overdue, and again each day; nothing where it is complete."""
    postmortem = Postmortem.objects.select_related("incident", "owner").filter(pk=incident_id).first()
    if postmortem is None or postmortem.state == State.COMPLETE or now < postmortem.due_at:
        return
    whose = f"{postmortem.owner.username}’s" if postmortem.owner else "nobody’s"
    told = f"The postmortem ({whose}) is overdue since {postmortem.due_at:%Y-%m-%d %H:%M} UTC."
    changes.record(postmortem.incident, "postmortem", told, actor=TOCSIN, now=now)
    Timer.objects.update_or_create(kind=TIMER, key=str(incident_id), defaults={"due_at": now + REMIND_AGAIN})


def _locked(incident_id: int) -> Postmortem:
    Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    return postmortem_of(incident_id)
