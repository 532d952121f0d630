"""Lists that people keep under a name: to keep one, to go to it, to remove it."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tocsin.accounts.access import ALL, Role
from tocsin.incidents import matrices
from tocsin.incidents.search import PARAMETERS, BadSearch, read
from tocsin.incidents.views import BadView, SavedView, save_view
from tocsin.web.pages import narrowing
from tocsin.web.pages.people import reader
from tocsin.web.scope import access_at


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """POST name, parameters, shared?: from now on the list is there under that name."""
    try:
        said = QueryDict(request.POST.get("parameters", ""))
        asked = read({name: said.getlist(name) for name in PARAMETERS}, matrices.scale())
        parameters = narrowing.address(asked).removeprefix("?")
        is_shared = bool(request.POST.get("shared"))
        kept = save_view(
            reader(request).pk, request.POST.get("name", ""), parameters, is_shared=is_shared, now=timezone.now()
        )
    except (BadView, BadSearch) as refusal:
        return render(request, "refused.html", {"heading": "This list can’t be kept", "reason": refusal}, status=400)
    return HttpResponseRedirect(reverse("view", args=[kept.pk]))


def show(request: HttpRequest, number: int) -> HttpResponse:
    """GET /views/N: the list."""
    # What somebody shares may name any project: it is for those who see all of them.
    sees_all = access_at(request).projects(Role.VIEWER) is ALL
    seen = Q(owner=reader(request)) | Q(is_shared=True) if sees_all else Q(owner=reader(request))
    view = get_object_or_404(SavedView.objects.filter(seen), pk=number)
    return HttpResponseRedirect(f"{reverse('incidents')}?{view.parameters}")


@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """POST: one's own view is gone."""
    if not SavedView.objects.filter(pk=number, owner=reader(request)).delete()[0]:
        raise Http404("There is no such view of yours.")
    return HttpResponseRedirect(reverse("incidents"))
