"""Where outsiders ask for mail, confirm it and end it. Nobody is logged in here, and nothing tells which addresses are known.

What a mail program or a scanner may open by itself changes nothing: links lead to a button. Only the one-click way of RFC 8058
ends mail by a request of its own, which is a POST.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.incidents import subscribing
from tocsin.incidents.changes import BadChange
from tocsin.incidents.status_page import StatusPage
from tocsin.workflows import mailing


def why_not() -> str:
    """Why no mail can be offered; empty where it can."""
    return "" if mailing.channel() else "there is no e-mail channel for all projects. An admin can add one."


# Exempt from the check of forms: there is no session that a foreign site could use, and the page with the form sets no cookie.
@login_not_required
@csrf_exempt
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """POST /status-mail with page (its path) and address: the same answer for every address."""
    page = _page(request.POST.get("page", ""))
    if page is None or why_not():
        raise Http404("No mail is offered here.")
    try:
        subscribing.ask(page, request.POST.get("address", ""), request.META.get("REMOTE_ADDR", ""), timezone.now())
    except BadChange as refusal:
        return _told(request, page, "Not yet", str(refusal), status=400)
    told = "If this address gets no mail from here yet, a mail to confirm it is on its way. Open the link in it."
    return _told(request, page, "Look into your mail", told)


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET /status-mail/confirm/TOKEN: asks. POST: does it."""
    try:
        if request.method == "POST":
            page = subscribing.confirm(token, timezone.now())
            return _told(request, page, "Confirmed", "From now on you get a mail of every update.")
        page, address = subscribing.asked_for(token, timezone.now())
    except BadChange as refusal:
        return _told(request, None, "Not confirmed", str(refusal), status=400)
    return _told(request, page, f"Mail to {address}", "You would get a mail of every update.", button="Confirm")


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """GET /status-mail/end/TOKEN: asks. POST: does it (also by one click, RFC 8058)."""
    try:
        if request.method == "POST":
            subscribing.end(token)
        found = subscribing.subscribed(token)
    except BadChange as refusal:
        return _told(request, None, "Not ended", str(refusal), status=400)
    if found is None:
        return _told(request, None, "Ended", "You get no more mail.")
    return _told(request, found.page, "No more mail?", "You would hear of no further update.", button="End it")


def _page(path: str) -> StatusPage | None:
    public = StatusPage.objects.filter(published_at__isnull=False).select_related("project")
    return next((page for page in public if page.path == path), None)


def _told(
    request: HttpRequest, page: StatusPage | None, heading: str, text: str, *, button: str = "", status: int = 200
) -> HttpResponse:
    context = {"page": page, "heading": heading, "text": text, "button": button}
    answer = render(request, "status/told.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"  # the address holds what confirms or ends
    return answer
