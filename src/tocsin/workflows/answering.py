"""People answer from where they were told: a button in Slack, a link in a mail. What stops there stops everywhere."""

from __future__ import annotations

from datetime import datetime

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction

from tocsin.accounts.access import Role
from tocsin.accounts.models import User
from tocsin.catalog.memberships import access_of
from tocsin.incidents import changes
from tocsin.incidents.changes import BadChange
from tocsin.incidents.lifecycle import IllegalMove, Resolution, Status
from tocsin.incidents.models import Incident
from tocsin.notifications import outbox
from tocsin.notifications.contacts import LINK_LIVES, LINK_SALT
from tocsin.notifications.models import Channel, ContactMethod, Message
from tocsin.notifications.notice import Kind, Notice
from tocsin.notifications.presses import Press, Pressed
from tocsin.workflows import escalating


class CanNotAnswer(Exception):
    """An answer that has no effect; the message says why, for whoever gave it."""


def press(channel: Channel, pressed: Pressed, now: datetime) -> None:
    """Does what a button asks for, in the name of the person whose confirmed address pressed it; else that one is told why."""
    try:
        _do(pressed, _person(channel, pressed), now)
    except (CanNotAnswer, BadChange, IllegalMove) as refusal:
        notice = Notice("", Kind.DUTY, now, f"“{pressed.press}” had no effect: {refusal}")
        key = f"refusal:{channel.pk}:{pressed.member}:{pressed.incident}:{now.timestamp()}"
        outbox.enqueue([outbox.Asked(channel, notice, "you pressed a button", key, address=pressed.member)], now)


def _person(channel: Channel, pressed: Pressed) -> User:
    method = ContactMethod.objects.select_related("user").filter(
        channel=channel, address=pressed.member, confirmed_at__isnull=False, user__is_active=True
    )
    found = method.first()
    if found is None:
        raise CanNotAnswer(f"add {pressed.member} through {channel.name} on your account page under “How to reach me”")
    incident = Incident.objects.select_related("environment").filter(pk=pressed.incident).first()
    project = incident.environment.project_id if incident else None
    if project is None or not access_of(found.user).may(Role.RESPONDER, project):
        raise CanNotAnswer("you may not work on that incident")
    if channel.project_id not in (None, project):  # whoever knows its secret could press for others
        raise CanNotAnswer(f"{channel.name} is for another project")
    return found.user


@transaction.atomic
def _do(pressed: Pressed, person: User, now: datetime) -> None:
    number, actor = pressed.incident, person.username
    if pressed.press is Press.ACKNOWLEDGE:
        escalating.answer(number, actor=actor, now=now)
    elif pressed.press is Press.RESOLVE:
        changes.change_status(number, Status.RESOLVED, actor=actor, now=now, resolution=Resolution.FIXED)
    elif pressed.press is Press.ASSIGN:
        changes.assign(number, person.pk, actor, actor=actor, now=now)
        escalating.answer(number, actor=actor, now=now)  # who takes it has it
    else:
        changes.add_note(number, f"Said in Slack: the cause is {pressed.press}.", actor=actor, now=now)


def message_of(token: str) -> Message:
    """The call that a link came with. Raises CanNotAnswer: no link of ours, too old, used, or its person is gone."""
    try:
        key = TimestampSigner(salt=LINK_SALT).unsign(token, max_age=LINK_LIVES)
    except BadSignature:
        raise CanNotAnswer("This link is damaged or too old.") from None
    found = Message.objects.select_related("incident", "user").filter(dedup_key=key).first()
    if found is None or found.incident is None or found.user is None or not found.user.is_active:
        raise CanNotAnswer("What this link was about is no longer there.")
    if found.answered_at is not None:
        raise CanNotAnswer("This link was used already; it works once.")
    return found


@transaction.atomic
def acknowledge(token: str, now: datetime) -> Incident:
    """Acknowledges for whom the link was sent to; later on, says that they are on it. Raises CanNotAnswer, IllegalMove."""
    message = message_of(token)
    if not Message.objects.filter(pk=message.pk, answered_at=None).update(answered_at=now):
        raise CanNotAnswer("This link was used already; it works once.")
    assert message.incident is not None
    assert message.user is not None
    if not access_of(message.user).may(Role.RESPONDER, message.incident.environment.project_id):
        raise CanNotAnswer("You may not work on this incident any more.")
    actor = message.user.username
    return escalating.answer(message.incident.pk, actor=actor, now=now)
