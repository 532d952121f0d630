"""Mail for outsiders who asked for it: asking, confirming, ending, and the queue of what is to be delivered.

Nothing is kept of somebody who has not confirmed but the mail that asks them to. Addresses are sealed; whether one is known is
never told. Whoever delivers takes `unsent`, hands out what `opened` gives, and calls `delivered`.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from tocsin.ground.plain import clipped
from tocsin.ground.secrets import Unreadable, derived_key, seal, unseal
from tocsin.incidents.changes import BadChange
from tocsin.incidents.publishing import origin
from tocsin.incidents.status_page import Mail, StatusPage, Subscriber

# Below the server's address; the pages there are in tocsin.web.status.subscriptions.
CONFIRM, END = "/status-mail/confirm/", "/status-mail/end/"
CONFIRMABLE = timedelta(days=2)
LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1
# Mails that ask for a confirmation: to one address, on behalf of one client, and in all.
MOST_TO_ONE, MOST_FOR_ONE, MOST_IN_ALL = 2, 10, 300
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# What could not be delivered for so long is no news any more; and so long is kept what was.
STALE, KEPT = timedelta(days=1), timedelta(days=7)
_SALT = "end of mail"


class _Asked(msgspec.Struct):
    page: int
    address: str
    until: float


class _Words(msgspec.Struct):
    text: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail as it is handed out."""

    address: str
    subject: str
    text: str
    headers: Mapping[str, str]


@transaction.atomic
def ask(page: StatusPage, address: str, asked_from: str, now: datetime) -> None:
    """Has a mail sent that asks `address` to confirm; nothing where it is subscribed, or was asked too often.

    `asked_from` is where the request came from. Raises BadChange for what is no address.
    """
    address = _checked(address)
    known, client = _hash(address), _hash(f"from {asked_from}")
    if Subscriber.objects.filter(page=page, address_hash=known).exists() or _too_often(known, client, now):
        return
    asked = _Asked(page.pk, address, (now + CONFIRMABLE).timestamp())
    token = base64.urlsafe_b64encode(seal(settings.SECRET_KEY, msgspec.json.encode(asked))).decode()
    Mail.objects.create(
        page=page,
        address=seal(settings.SECRET_KEY, address.encode()),
        address_hash=known,
        asked_from=client,
        subject=f"Confirm your mail from {clipped(page.title, 100)}",
        words=sealed_words(
            f"Somebody, probably you, asked for mail of every update on {page.title}.\n\n"
            f"Confirm it within two days: {origin()}{CONFIRM}{token}\n\n"
            "If it was not you, do nothing: you will get no mail."
        ),
        reason="somebody asked for mail to this address",
        created_at=now,
    )


def _checked(address: str) -> str:
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadChange("That is no e-mail address.") from error
    if len(address) > LONGEST_ADDRESS:
        raise BadChange("That is no e-mail address.")
    return address


def _hash(what: str) -> str:
    """Under a key of ours, so that nobody who reads the table can try addresses."""
    return hmac.digest(derived_key(settings.SECRET_KEY, "status mail"), what.lower().encode(), "sha256").hex()


def _too_often(address: str, client: str, now: datetime) -> bool:
    asked = Mail.objects.exclude(asked_from="")
    return (
        asked.filter(address_hash=address, created_at__gt=now - _DAY).count() >= MOST_TO_ONE
        or asked.filter(asked_from=client, created_at__gt=now - _HOUR).count() >= MOST_FOR_ONE
        or asked.filter(created_at__gt=now - _HOUR).count() >= MOST_IN_ALL
    )


def asked_for(token: str, now: datetime) -> tuple[StatusPage, str]:
    """The page and the address that a link to confirm is about. Raises BadChange where it holds no longer."""
    try:
        asked = msgspec.json.decode(unseal(settings.SECRET_KEY, base64.urlsafe_b64decode(token)), type=_Asked)
    except (Unreadable, ValueError) as error:
        raise BadChange("This link is damaged. Ask for mail again on the status page.") from error
    page = StatusPage.objects.select_related("project").filter(pk=asked.page, published_at__isnull=False).first()
    if page is None or now.timestamp() > asked.until:
        raise BadChange("This link holds no longer. Ask for mail again on the status page.")
    return page, asked.address


def confirm(token: str, now: datetime) -> StatusPage:
    """Subscribes the address of a link, once. Raises BadChange as `asked_for`."""
    page, address = asked_for(token, now)
    kept = {"address": seal(settings.SECRET_KEY, address.encode()), "confirmed_at": now}
    Subscriber.objects.get_or_create(page=page, address_hash=_hash(address), defaults=kept)
    return page


def end_token(subscriber: Subscriber) -> str:
    """What ends this subscription, for whoever holds it."""
    return signing.dumps(subscriber.pk, salt=_SALT)


def subscribed(token: str) -> Subscriber | None:
    """The subscription that a token would end; None where it has ended. Raises BadChange for what is no such token."""
    try:
        number = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise BadChange("This link is damaged. Take the one at the foot of a newer mail.") from error
    return Subscriber.objects.select_related("page__project").filter(pk=number).first()


def end(token: str) -> None:
    """Ends a subscription; its mails that wait are not sent. Raises BadChange as `subscribed`."""
    if (subscriber := subscribed(token)) is not None:
        subscriber.delete()


def sealed_words(text: str, headers: Mapping[str, str] | None = None) -> bytes:
    """What a mail says, as it is kept: there are links in it that only its reader may use."""
    return seal(settings.SECRET_KEY, msgspec.json.encode(_Words(text, dict(headers or {}))))


def unsent(now: datetime) -> QuerySet[Mail]:
    """What is to be delivered, the oldest first. A mail that has waited too long is no news, and is left out."""
    return Mail.objects.filter(sent_at=None, created_at__gt=now - STALE).order_by("id")


def opened(mail: Mail) -> Opened:
    """A mail that was not sent yet, readable. Raises ground.secrets.Unreadable."""
    address = unseal(settings.SECRET_KEY, bytes(mail.address)).decode()
    words = msgspec.json.decode(unseal(settings.SECRET_KEY, bytes(mail.words or b"")), type=_Words)
    return Opened(address, mail.subject, words.text, words.headers)


def delivered(mail: Mail, now: datetime) -> None:
    """Says that a mail was handed over; its words, with the links in them, are no longer kept."""
    Mail.objects.filter(pk=mail.pk).update(sent_at=now, words=None)
