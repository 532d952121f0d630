"""Sources: what may send signals, whether any come, and on which terms."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tocsin.accounts.access import Role
from tocsin.alerts.health import health_of
from tocsin.alerts.mapping import MAPPED
from tocsin.alerts.models import Signal
from tocsin.alerts.registration import BadSource, Terms, address, can_sign, change, is_sns, is_unlimited, register
from tocsin.alerts.sources import kinds
from tocsin.catalog.models import USUAL_RATE, Environment, Source
from tocsin.web.hooks.trying import CanNotTry, live_mapping, try_source
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.connecting import guide
from tocsin.web.pages.people import for_managers, may_manage
from tocsin.web.scope import visible

MOST_SIGNALS = 20
# What stands for a token that can't be shown any more.
PLACE_OF_TOKEN = "TOKEN"  # noqa: S105  # no token


def index(request: HttpRequest) -> HttpResponse:
    """GET /sources[?revoked]: all that may send, or may no longer, with their health."""
    revoked = "revoked" in request.GET
    found = visible(request, Source.objects.filter(revoked_at__isnull=not revoked)).select_related(
        "environment__project"
    )
    sources = list(found.order_by("environment__project__slug", "environment__slug", "name", "id"))
    context = {"rows": health_of(sources, timezone.now()), "revoked": revoked, "may_manage": may_manage(request)}
    return render(request, "sources.html", context)


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /sources/ID[?tested=SIGNAL]: a source, what came of it lately, and how to connect it."""
    return _shown(request, number)


@never_cache
@for_managers
def new(request: HttpRequest) -> HttpResponse:
    """GET /sources/new: a form; POST kind, environment, name, key, topic, rate, trial: a source, its address shown once."""
    refused = ""
    if request.method == "POST":
        try:
            made, token = _register(request)
        except BadSource as error:
            refused = _sentence(error)
        else:
            return _shown(request, made.pk, url=address(base(request), made.kind, token), is_new=True)
    context = {
        "kinds": [(kind, can_sign(kind), is_sns(kind)) for kind in kinds()],
        "environments": _managed(request).select_related("project").order_by("project__slug", "slug"),
        "usual_rate": USUAL_RATE,
        "typed": request.POST if request.method == "POST" else request.GET,
        "refused": refused,
    }
    return render(request, "source_new.html", context, status=400 if refused else 200)


def _managed(request: HttpRequest) -> QuerySet[Environment]:
    return visible(request, Environment.objects.all(), Role.MANAGER)


def _register(request: HttpRequest) -> tuple[Source, str]:
    asked = request.POST
    environment = _managed(request).filter(pk=row_number(asked.get("environment", "")) or 0).first()
    if environment is None:
        raise BadSource("choose the environment that its signals are about")
    name = asked.get("name", "").replace("\x00", "").strip()
    return register(
        asked.get("kind", ""), name, environment, _terms(request), secret=settings.SECRET_KEY, now=timezone.now()
    )


@never_cache
@require_POST
@for_managers
def rotate(request: HttpRequest, number: int) -> HttpResponse:
    """POST: another token, shown once; the one before is taken for a day."""
    source = _found(number)
    url = address(base(request), source.kind, source.rotate(timezone.now()))
    return _shown(request, number, url=url)


@require_POST
@for_managers
def terms(request: HttpRequest, number: int) -> HttpResponse:
    """POST key, topic, rate, trial: on which terms it sends."""
    try:
        change(_found(number), _terms(request), secret=settings.SECRET_KEY, now=timezone.now())
    except BadSource as error:
        return _shown(request, number, status=400, refused={"form": "terms", "message": _sentence(error)})
    return _back(number)


@require_POST
@for_managers
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """POST: its signals are refused from now on."""
    _found(number).revoke(timezone.now())
    return _back(number)


@require_POST
@for_managers
def test(request: HttpRequest, number: int) -> HttpResponse:
    """POST: an example of its kind takes the way of its signals, as a test."""
    try:
        tried = try_source(_found(number), settings.SECRET_KEY, timezone.now())
    except CanNotTry as error:
        return _shown(request, number, status=409, refused={"form": "test", "message": _sentence(error)})
    return _back(number, f"?tested={tried.signal}")


def base(request: HttpRequest) -> str:
    """The address under which senders reach this installation: as it is set, else as the browser does."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def _shown(request: HttpRequest, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
    source = _found(number)
    [health] = health_of([source], timezone.now())
    recent = Signal.objects.filter(source=source).order_by("-id").defer("body", "sealed_body")[:MOST_SIGNALS]
    tested = row_number(request.GET.get("tested", ""))
    context = {
        "source": source,
        "health": health,
        "signals": recent,
        "tested": Signal.objects.filter(pk=tested, source=source, is_test=True).first() if tested else None,
        "guide": guide(source.kind, more.get("url") or address(base(request), source.kind, PLACE_OF_TOKEN)),
        "address": address(base(request), source.kind, PLACE_OF_TOKEN),
        "can_sign": can_sign(source.kind),
        "is_sns": is_sns(source.kind),
        "is_unlimited": is_unlimited(source.kind),
        "is_mapped": source.kind == MAPPED,
        "mapping": live_mapping(source) if source.kind == MAPPED else None,
        "may_manage": may_manage(request),
        "now": timezone.now(),
    }
    return render(request, "source.html", context | more, status=status)


def _terms(request: HttpRequest) -> Terms:
    """What a form says. Raises BadSource."""
    asked = request.POST
    rate = asked.get("rate", "").strip() or str(USUAL_RATE)
    most = row_number(rate)
    if most is None:
        raise BadSource(f"requests a minute: “{rate[:20]}” is no number")
    key, topic = (asked.get(name, "").replace("\x00", "").strip() for name in ("key", "topic"))
    return Terms(key, topic, most, "trial" in asked)


def _found(number: int) -> Source:
    return get_object_or_404(Source.objects.select_related("environment__project"), pk=number)


def _back(number: int, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("source", args=[number]) + query)


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
