"""Answers from elsewhere: buttons of Slack, and links in calls. They prove by themselves whose they are: nobody is logged in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.ground.secrets import Unreadable
from tocsin.incidents.lifecycle import IllegalMove, Status, is_open
from tocsin.notifications import presses, store
from tocsin.notifications.models import Channel, Message
from tocsin.oncall.escalations import Escalation
from tocsin.workflows import answering
from tocsin.workflows.answering import CanNotAnswer


@csrf_exempt
@login_not_required
@require_POST
def slack(request: HttpRequest, number: int) -> HttpResponse:
    """POST /slack/CHANNEL: a pressed button, signed by Slack. Whoever pressed it is answered in Slack."""
    channel = get_object_or_404(Channel, pk=number, kind="slack", removed_at=None)
    try:
        secret = store.settings_of(channel, settings.SECRET_KEY).get("signing_secret", "")
    except Unreadable:
        secret = ""
    told = request.headers
    stamp, signature = told.get("X-Slack-Request-Timestamp", ""), told.get("X-Slack-Signature", "")
    if not presses.is_from_slack(secret, stamp, signature, request.body, timezone.now()):
        return HttpResponse("not signed with this channel's secret\n", "text/plain", 401)
    try:
        pressed = presses.read(request.body)
    except presses.BadPress as error:
        return HttpResponse(f"{error}\n", "text/plain", 400)
    if pressed is not None:
        answering.press(channel, pressed, timezone.now())
    return HttpResponse(status=200)


def _asked(message: Message) -> dict[str, Any]:
    """What somebody sees before they acknowledge: how it stands, and who has it already."""
    incident = message.incident
    assert incident is not None
    run = Escalation.objects.filter(incident=incident, answered_at__isnull=False).order_by("-id").first()
    return {"message": message, "incident": incident, "run": run, "is_open": is_open(Status(incident.status))}


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """GET /acknowledge/TOKEN: asks, so that what only looks at links does not answer; POST: acknowledges, once."""
    try:
        if request.method == "POST":
            return render(request, "acknowledge.html", {"done": answering.acknowledge(token, timezone.now())})
        return render(request, "acknowledge.html", _asked(answering.message_of(token)))
    except CanNotAnswer as refusal:
        return render(request, "acknowledge.html", {"refused": str(refusal)}, status=410)
    except IllegalMove as refusal:
        return render(request, "acknowledge.html", {"refused": str(refusal)}, status=409)
