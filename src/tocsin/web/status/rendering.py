"""All public status pages as they are in the database, and how to tell that they say something else."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from tocsin.incidents.audience import Audience
from tocsin.incidents.publishing import origin
from tocsin.incidents.status_page import Maintenance, StatusPage
from tocsin.incidents.updates import StatusUpdate
from tocsin.web.status import subscriptions
from tocsin.web.status.documents import Document, documents
from tocsin.web.status.public import public_page


def as_of() -> datetime:
    """The time that pages show: the full minute, or when something was said since; the same on every server."""
    told = StatusUpdate.objects.filter(audience=Audience.EXTERNAL).aggregate(last=Max("sent_at"))["last"]
    ended = Maintenance.objects.aggregate(last=Max("ended_at"))["last"]
    minute = timezone.now().replace(second=0, microsecond=0)
    return max(moment for moment in (minute, told, ended) if moment is not None)


def stamp() -> Hashable:
    """Changes with every change of a page, every external update and every minute."""
    pages = tuple(StatusPage.objects.filter(published_at__isnull=False).order_by("pk").values_list("pk", "version"))
    if not pages:
        return ()
    newest = StatusUpdate.objects.filter(audience=Audience.EXTERNAL).aggregate(newest=Max("pk"))["newest"]
    return pages, newest, as_of(), not subscriptions.why_not()


def render() -> dict[str, Document]:
    """The documents of all pages that are public, by their paths."""
    public = StatusPage.objects.filter(published_at__isnull=False).select_related("project").order_by("pk")
    now, takes_mail = as_of(), not subscriptions.why_not()
    made: dict[str, Document] = {}
    for page in public:
        made |= documents(public_page(page, now, origin(), takes_mail=takes_mail))
    return made
