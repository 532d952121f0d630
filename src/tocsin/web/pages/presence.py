"""Who else is at an incident: told by open pages, shown on them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tocsin.incidents.models import Incident
from tocsin.incidents.presence import Doing, be_there, leave, others_at
from tocsin.web.pages.people import reader


@require_POST
def tell(request: HttpRequest, number: int) -> HttpResponse:
    """POST doing=reading|writing|nothing: what the person who asks does there now; answered with who else is there."""
    incident, person, now = get_object_or_404(Incident.objects.only("pk"), pk=number), reader(request), timezone.now()
    doing = request.POST.get("doing", "")
    if doing in set(Doing):
        be_there(incident.pk, person.pk, Doing(doing), now)
    else:
        leave(incident.pk, person.pk)
    return render(request, "parts/others.html", {"others": others_at(incident.pk, person.pk, now)})
