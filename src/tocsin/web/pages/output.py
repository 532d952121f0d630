"""What a deployment printed: by pages, searched, and as a file."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from tocsin.deployments.models import Deployment
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.console import Printed, matching, pieces, window
from tocsin.web.pages.stored_run import lines_of, log_of, output_of

PAGE = 500
MOST_FOUND = 200
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A line in which something was found: its pieces, each with whether it is what was looked for."""

    line: Printed
    pieces: list[tuple[str, bool]]


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /deployments/N/log?page=P | ?line=L | ?q=words: 500 lines; those around line L; or the lines with these words."""
    run = get_object_or_404(Deployment.objects.select_related("environment__project"), pk=number)
    log, output = log_of(run.pk), output_of(run.pk)
    if log is None or output is None:
        raise Http404("This deployment has no log: its sender told only how it ended.")
    pages = max(1, -(-output.total // PAGE))
    wanted = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context = {"deployment": run, "output": output, "pages": pages, "wanted": wanted, "most": MOST_FOUND}
    if wanted:
        found = matching(lines_of(log), wanted, MOST_FOUND)
        hits = [Hit(line, pieces(line.text, wanted)) for line in found]
        return render(request, "deployment_log.html", context | {"hits": hits})
    line = _number(request, "line")
    at = _page_of(min(line, output.total)) if line else _number(request, "page") or 1
    if at > pages:
        raise Http404(f"The log has {pages} pages.")
    lines = window(lines_of(log), (at - 1) * PAGE + 1, PAGE)
    return render(request, "deployment_log.html", context | {"lines": lines, "page": at, "line": line})


def download(request: HttpRequest, number: int) -> HttpResponse:
    """GET /deployments/N/log/file: the log as it is kept, which is without secrets."""
    log = log_of(number)
    if log is None:
        raise Http404("This deployment has no log.")
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(log if takes_gzip else gzip.decompress(log), content_type="text/plain; charset=utf-8")
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Content-Disposition"] = f'attachment; filename="deployment-{number}.log"'
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _page_of(line: int) -> int:
    return (line - 1) // PAGE + 1


def _number(request: HttpRequest, name: str) -> int | None:
    """A number from 1 in the address; None where there is none. Raises Http404 for what is no number."""
    asked = request.GET.get(name, "")
    number = row_number(asked)
    if asked and not number:
        raise Http404("There is no such part of the log.")
    return number
