"""Signals as they arrived: the newest, those rejected, and one with its raw payload, for reading and for keeping."""

from __future__ import annotations

import json

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers.data import JsonLexer  # type: ignore[import-untyped]

from tocsin.accounts.models import Role
from tocsin.alerts.models import Signal
from tocsin.ground.secrets import Unreadable, unseal
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import reader
from tocsin.web.scope import visible

# Colouring is slow and a browser is too: beyond this many characters the payload is shown in part; downloads are whole.
MOST_SHOWN = 200_000
MOST_LISTED = 100


def index(request: HttpRequest) -> HttpResponse:
    """GET /signals[?rejected][&source=ID]: the newest hundred signals, or of those rejected, in part or as a whole."""
    only_rejected, source = "rejected" in request.GET, row_number(request.GET.get("source", ""))
    newest = visible(request, Signal.objects.select_related("source__environment__project").order_by("-id"))
    if source is not None:
        newest = newest.filter(source=source)
    if only_rejected:
        newest = newest.exclude(error="")
    found = newest.annotate(is_kept=~Q(body="")).defer("body", "sealed_body")[:MOST_LISTED]
    context = {"signals": found, "only_rejected": only_rejected, "most": MOST_LISTED, "of": source}
    return render(request, "signals.html", context)


def signal(request: HttpRequest, signal: int) -> HttpResponse:
    """GET /signals/ID: what arrived, when and through which source; a rejected one says why, and an admin sees it whole."""
    found = _find(signal)
    text = indented(found.body)
    context = {
        "signal": found,
        "unsealed": _unsealed(found) if not found.body and reader(request).may(Role.ADMIN) else "",
        "body": highlighted(text[:MOST_SHOWN]) if text else "",
        "size": len(text),
        "is_cut": len(text) > MOST_SHOWN,
    }
    return render(request, "signal.html", context)


def body(request: HttpRequest, signal: int) -> HttpResponse:
    """GET /signals/ID/body: the payload as a file."""
    found = _find(signal)
    if not found.body:
        raise Http404("This signal was rejected; its body is kept encrypted.")
    response = HttpResponse(found.body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="signal-{found.pk}.json"'
    return response


def _unsealed(found: Signal) -> str:
    """The body of a rejected signal, as far as it is text. It was never cleared of secrets."""
    try:
        return unseal(settings.SECRET_KEY, bytes(found.sealed_body or b"")).decode(errors="replace")[:MOST_SHOWN]
    except Unreadable as error:
        return f"It can't be read: {error}."


def _find(signal: int) -> Signal:
    return get_object_or_404(
        Signal.objects.select_related("source__environment__project").defer("sealed_body"), pk=signal
    )


def indented(body: str) -> str:
    """JSON laid out for reading; anything else as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body


def highlighted(text: str) -> SafeString:
    """JSON in colours."""
    html: str = highlight(text, JsonLexer(), HtmlFormatter(cssclass="code"))
    return mark_safe(html)  # noqa: S308  # Pygments escapes the text that it colours
