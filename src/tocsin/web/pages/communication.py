"""How this installation communicates, as a page: the rhythm of updates, the templates, and the checklists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.accounts.access import Role
from tocsin.ground.edits import BadEdit
from tocsin.incidents import communication, matrices
from tocsin.incidents.audience import Audience, Moment
from tocsin.incidents.checklist import Fact
from tocsin.incidents.communication import RHYTHM, Text, checklist_key, template_key
from tocsin.incidents.drafts import FOR_ALL, FOR_TEAM
from tocsin.incidents.triage import Severity
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import may_manage, reader
from tocsin.web.scope import require


@dataclass(frozen=True, slots=True)
class Edited:
    """A text as the page shows it: what it is called, and, after a refusal, what was typed and why that can't be kept."""

    held: Text
    label: str
    typed: str | None = None
    refusal: str = ""

    @property
    def shown(self) -> str:
        """What stands in the form."""
        return self.held.text if self.typed is None else self.typed


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """GET /settings/communication: every text. POST key, text, version: a new version of one, by managers; empty: Tocsin's."""
    if request.method == "GET":
        return _show(request)
    require(request, Role.MANAGER)
    key, text = request.POST.get("key", ""), request.POST.get("text", "")
    if key not in communication.DEFAULTS:
        raise Http404("There is no such text.")
    seen = row_number(request.POST.get("version", "")) or 0
    try:
        communication.keep(key, text, seen=seen, author=reader(request).username, now=timezone.now())
    except (BadEdit, ValueError) as refusal:
        return _show(request, key, text, str(refusal), status=400)
    return HttpResponseRedirect(f"{reverse('communication')}#{key}")


def _show(request: HttpRequest, key: str = "", typed: str = "", refusal: str = "", status: int = 200) -> HttpResponse:
    texts = communication.texts()

    def edited(one: str, label: str) -> Edited:
        return Edited(texts[one], label, typed, refusal) if one == key else Edited(texts[one], label)

    context: dict[str, Any] = {
        "rhythm": edited(RHYTHM, "How often"),
        "audiences": [
            ("For the team", _templates(Audience.INTERNAL, edited), FOR_TEAM),
            ("For outsiders", _templates(Audience.EXTERNAL, edited), FOR_ALL),
        ],
        "checklists": [edited(checklist_key(severity), severity.value) for severity in Severity],
        "facts": list(Fact),
        "severity_scale": matrices.scale(),
        "may_change": may_manage(request),
        "reader": reader(request),
    }
    return render(request, "communication.html", context, status=status)


def _templates(audience: Audience, edited: Any) -> list[Edited]:
    return [edited(template_key(audience, moment), moment.value.capitalize()) for moment in Moment]
