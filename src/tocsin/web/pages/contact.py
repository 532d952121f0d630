"""How a person can be reached: their ways, which they confirm, when each is used, and when they are left alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.accounts.access import Role
from tocsin.accounts.models import User
from tocsin.incidents.triage import Severity
from tocsin.notifications import contacts, leaving, store
from tocsin.notifications.contacts import BadContact
from tocsin.notifications.models import Channel, ContactMethod, QuietTime
from tocsin.oncall.carriers import carrier
from tocsin.oncall.clock import zone_names
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import reader
from tocsin.web.scope import access_at


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """GET /account/contact: one's ways. POST do: add (channel, address), confirm (method, code), rule (method, delay,
    severities), remove (method), quiet (begins, ends, zone).
    """
    if request.method == "GET":
        return _shown(request)
    try:
        _do(request, request.POST.get("do", ""))
    except BadContact as refusal:
        return _shown(request, str(refusal), status=400)
    return HttpResponseRedirect(reverse("contact"))


def _do(request: HttpRequest, what: str) -> None:
    asked, person, now = request.POST, reader(request), timezone.now()
    if what == "add":
        wanted = row_number(asked.get("channel", ""))
        channel = next((each for each in _offered(request) if each.pk == wanted), None)
        if channel is None:
            raise BadContact("Choose a channel that there is.")
        contacts.add(person, channel, asked.get("address", ""), now)
    elif what == "quiet":
        contacts.set_quiet(person, *(asked.get(name, "") for name in ("begins", "ends", "zone")))
    elif what == "confirm":
        contacts.confirm(_own(request, person), asked.get("code", ""), now)
    elif what == "rule":
        delay = row_number(asked.get("delay", "0") or "0")
        contacts.set_rule(_own(request, person), -1 if delay is None else delay, asked.getlist("severities"))
    elif what == "remove":
        leaving.forget(_own(request, person), now)


def _own(request: HttpRequest, person: User) -> ContactMethod:
    methods = ContactMethod.objects.select_related("channel", "user").filter(user=person)
    return get_object_or_404(methods, pk=row_number(request.POST.get("method", "")) or 0)


def _shown(request: HttpRequest, refused: str = "", *, status: int = 200) -> HttpResponse:
    person = reader(request)
    methods = ContactMethod.objects.filter(user=person, channel__removed_at=None).select_related("channel")
    context = {
        "methods": [
            (each, each.rules.first(), _called(request, each.channel))
            for each in methods.prefetch_related("rules").order_by("pk")
        ],
        "channels": [(each, _called(request, each), store.about(each).address) for each in _offered(request)],
        "severities": list(Severity),
        "quiet": QuietTime.objects.filter(user=person).first(),
        "zone": carrier(person).zone,
        "zones": zone_names(),
        "refused": refused,
        "typed": request.POST,
    }
    return render(request, "contact.html", context, status=status)


def _offered(request: HttpRequest) -> list[Channel]:
    """Those of all projects, and those of projects that this person sees."""
    access = access_at(request)
    found = contacts.channels_for_people()
    return [each for each in found if each.project_id is None or access.may(Role.VIEWER, each.project_id)]


def _called(request: HttpRequest, channel: Channel) -> str:
    """Its name, for whoever sees where it belongs; to others a name may tell too much, and they see what kind it is."""
    is_seen = access_at(request).may(Role.VIEWER, channel.project_id)
    return channel.name if is_seen else store.about(channel).title
