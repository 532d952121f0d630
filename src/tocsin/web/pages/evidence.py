"""A piece of evidence, opened: the cited value where it stands in the stored snapshot."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from tocsin.investigation.diagnosis.reference import BadReferenceError
from tocsin.investigation.models import Investigation
from tocsin.web.pages.analysis import snapshot_of
from tocsin.web.pages.excerpt import excerpt


def evidence(request: HttpRequest, number: int, ordinal: int) -> HttpResponse:
    """GET /incidents/N/evidence/ORDINAL?ref=…: a value and its surroundings, as that investigation read them."""
    investigation = get_object_or_404(
        Investigation.objects.select_related("incident"), incident=number, ordinal=ordinal
    )
    reference, snapshot = request.GET.get("ref", ""), snapshot_of(investigation.pk)
    if snapshot is None:
        raise Http404("This investigation has stored no snapshot.")
    try:
        lines = excerpt(snapshot, reference)
    except BadReferenceError as error:
        raise Http404(f"The snapshot of this investigation does not show that: {error}.") from error
    context = {
        "incident": investigation.incident,
        "investigation": investigation,
        "reference": reference,
        "lines": lines,
        "captured_at": snapshot.captured_at,
    }
    template = "parts/excerpt.html" if request.headers.get("HX-Request") else "evidence.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])  # going back must not show the part instead of the page
    return response
