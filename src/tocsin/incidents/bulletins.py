"""What all subscribers of a status page are mailed: updates, and maintenance that is announced or called off.

Mails are laid in by the batch, while few wait: however many subscribers there are, the queue stays short. Whoever lays in a batch
sets the timer for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tocsin.ground.models import Timer
from tocsin.ground.plain import clipped
from tocsin.incidents.audience import Audience
from tocsin.incidents.publishing import ANNOUNCED, origin, page_of
from tocsin.incidents.status_page import ComponentState, Mail, Maintenance, StatusPage, Subscriber
from tocsin.incidents.subscribing import END, KEPT, STALE, end_token, sealed_words, unsent
from tocsin.incidents.updates import SENT, StatusUpdate

BATCH, MOST_WAITING = 200, 500
AGAIN = timedelta(seconds=5)
_TIME = "%Y-%m-%d %H:%M UTC"


@transaction.atomic
def tell(update_id: int, now: datetime) -> int:
    """Lays in a mail of an external update for the next who want it, once each; how many those are."""
    update = StatusUpdate.objects.select_related("incident__environment").filter(pk=update_id).first()
    Mail.objects.filter(created_at__lt=now - KEPT).delete()
    if update is None or update.audience != Audience.EXTERNAL or update.sent_at < now - STALE:
        return 0
    page = page_of(update.incident.environment.project_id)
    if page is None:
        return 0
    states = ComponentState.objects.filter(update=update).select_related("component").order_by("component__position")
    parts = [
        f"{update.moment.capitalize()}: {update.headline}",
        update.text,
        "\n".join(f"{row.component.name}: {row.state}" for row in states),
    ]
    subject = f"{clipped(page.title, 60)}: {clipped(update.headline, 120)} ({update.moment})"
    told = Mail.objects.filter(update=update).values("subscriber")
    return _lay_in(
        page.subscribers.exclude(pk__in=told),
        lambda one: _mail(page, one, subject, parts, now, update=update),
        Timer(kind=SENT, key=str(update_id), due_at=now + AGAIN),
        now,
    )


@transaction.atomic
def announce(maintenance_id: int, now: datetime) -> int:
    """Lays in a mail of announced maintenance for the next subscribers, once each; how many those are.

    Where it was called off, whoever was mailed of it is told so, and nobody else of anything.
    """
    work = Maintenance.objects.select_related("page__project").filter(pk=maintenance_id).first()
    if work is None or work.page.published_at is None or work.ends_at <= now:
        return 0
    off, page = work.is_called_off, work.page
    if work.ended_at is not None and not off:  # it has happened
        return 0
    mails = Mail.objects.filter(maintenance=work)
    if off:
        mails.filter(sent_at=None, is_called_off=False).delete()
        wanted = page.subscribers.filter(pk__in=mails.filter(is_called_off=False).values("subscriber"))
    else:
        wanted = page.subscribers.all()
    title = clipped(work.title, 120)
    parts = [
        f"Maintenance {'is called off' if off else 'is planned'}: {work.title}",
        "" if off else work.text,
        f"{work.starts_at:{_TIME}} to {work.ends_at:{_TIME}}",
        "\n".join(part.name for part in work.components.order_by("position")),
    ]
    subject = f"{clipped(page.title, 60)}: maintenance {'called off: ' if off else ''}{title}"
    return _lay_in(
        wanted.exclude(pk__in=mails.filter(is_called_off=off).values("subscriber")),
        lambda one: _mail(page, one, subject, parts, now, maintenance=work, is_called_off=off),
        Timer(kind=ANNOUNCED, key=str(maintenance_id), due_at=now + AGAIN),
        now,
    )


def _lay_in(wanted: QuerySet[Subscriber], mail: Callable[[Subscriber], Mail], again: Timer, now: datetime) -> int:
    """One batch, as far as there is room for it; where more are left, `again` is set."""
    room = max(0, min(BATCH, MOST_WAITING - unsent(now).count()))
    following = list(wanted.order_by("pk")[: room + 1])
    made = [mail(one) for one in following[:room]]
    Mail.objects.bulk_create(made, ignore_conflicts=True)
    if len(following) > room:
        Timer.objects.update_or_create(kind=again.kind, key=again.key, defaults={"due_at": again.due_at})
    return len(made)


def _mail(
    page: StatusPage,
    subscriber: Subscriber,
    subject: str,
    parts: Sequence[str],
    now: datetime,
    *,
    update: StatusUpdate | None = None,
    maintenance: Maintenance | None = None,
    is_called_off: bool = False,
) -> Mail:
    ending = f"{origin()}{END}{end_token(subscriber)}"
    foot = [f"{origin()}{page.path}", f"You asked for mail of every update on {page.title}. To end it: {ending}"]
    return Mail(
        page=page,
        subscriber=subscriber,
        address=subscriber.address,
        address_hash=subscriber.address_hash,
        subject=subject,
        words=sealed_words(
            "\n\n".join(filter(None, [*parts, *foot])),
            # RFC 8058
            {"List-Unsubscribe": f"<{ending}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        ),
        reason="they asked for mail of every update, and confirmed it",
        created_at=now,
        update=update,
        maintenance=maintenance,
        is_called_off=is_called_off,
    )
