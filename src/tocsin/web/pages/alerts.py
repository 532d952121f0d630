"""The list of alerts, firing first; from here to their incidents, to a silence, or to declaring one for some of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from tocsin.alerts import silences
from tocsin.alerts.models import Alert, Occurrence
from tocsin.alerts.silencing import Silence
from tocsin.catalog.models import Environment, Source
from tocsin.incidents.models import Incident, IncidentOccurrence
from tocsin.incidents.triage import SEVERITY_OF_WORD, Severity
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_responders, reader
from tocsin.web.scope import visible
from tocsin.workflows.holding import service_names

PAGE = 50
VIEWS = ("firing", "all")
MOST_CHOSEN = 200


@dataclass(frozen=True, slots=True)
class Row:
    """An alert, its newest firing, the incident that it belongs to, and the silence it falls under."""

    alert: Alert
    firing: Occurrence | None
    incident: Incident | None
    silence: Silence | None

    @property
    def severity(self) -> str:
        """The sender's word on our scale; empty where it is none we know."""
        return SEVERITY_OF_WORD.get(self.alert.severity.lower(), "")


def index(request: HttpRequest, refused: str = "", status: int = 200) -> HttpResponse:
    """GET /alerts?view=firing|all&q=…&environment=N&source=N&severity=…&incident=N&after=N: newest first, fifty at a time.

    `q` holds words of the title, and labels as name=value.
    """
    asked = {name: request.GET.get(name, "") for name in ("view", "q", "environment", "source", "severity", "incident")}
    view = asked["view"] or VIEWS[0]
    after = request.GET.get("after", "")
    if view not in VIEWS or (after and row_number(after) is None):
        raise Http404("There is no such view of the alerts.")
    now = timezone.now()
    found = visible(request, _filtered(Alert.objects.filter(began_at__isnull=False), asked))
    shown = list(_page(found.filter(firing=True) if view == "firing" else found, after)[: PAGE + 1])
    kept = {name: value for name, value in asked.items() if value and name != "view"}
    context = {
        "view": view,
        "views": VIEWS,
        "asked": asked,
        "rows": _rows(shown[:PAGE], now),
        "now": now,
        "firing": found.filter(firing=True).count(),
        "after": after,
        "next": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "kept": urlencode(kept),
        "environments": visible(request, Environment.objects.select_related("project")).order_by(
            "project__slug", "slug"
        ),
        "sources": visible(request, Source.objects.order_by("name")),
        "severities": list(Severity),
        "reader": reader(request),
        "refused": refused,
        "chosen": set(request.POST.getlist("alert")),
    }
    return render(request, "alerts.html", context, status=status)


def _filtered(alerts: QuerySet[Alert], asked: dict[str, str]) -> QuerySet[Alert]:
    for name in ("environment", "source"):
        if asked[name]:
            alerts = alerts.filter(**{name: row_number(asked[name]) or 0})
    if asked["severity"]:
        words = [word for word, severity in SEVERITY_OF_WORD.items() if severity == asked["severity"]]
        alerts = alerts.annotate(severity_word=Lower("severity")).filter(severity_word__in=words)
    if asked["incident"]:
        present = IncidentOccurrence.objects.filter(incident=row_number(asked["incident"]) or 0, left_at=None)
        alerts = alerts.filter(pk__in=present.values("alert"))
    for word in asked["q"].replace("\x00", "").split()[:10]:
        name, sign, value = word.partition("=")
        matches = Q(labels__contains={name: value.strip('"')}) if sign and name else Q(title__icontains=word)
        alerts = alerts.filter(matches)
    return alerts


def _page(alerts: QuerySet[Alert], after: str) -> QuerySet[Alert]:
    """What follows an alert in the order of the list, which an index has."""
    ordered = alerts.select_related("source", "environment__project").order_by("-firing", "-began_at", "-id")
    last = Alert.objects.filter(pk=row_number(after) or 0, began_at__isnull=False).first()
    if last is None:
        return ordered
    below = Q(firing=last.firing) & (Q(began_at__lt=last.began_at) | Q(began_at=last.began_at, pk__lt=last.pk))
    return ordered.filter(below | Q(firing=False) if last.firing else below)


def _rows(alerts: list[Alert], now: datetime) -> list[Row]:
    """Four queries, however many alerts."""
    numbers = [alert.pk for alert in alerts]
    newest = Occurrence.objects.filter(alert__in=numbers).order_by("alert", "-starts_at").distinct("alert")
    firings = {firing.alert_id: firing for firing in newest}
    links = IncidentOccurrence.objects.filter(alert__in=numbers, left_at=None).select_related("incident")
    incidents = {link.alert_id: link.incident for link in links.order_by("alert", "-incident").distinct("alert")}
    rules, service_of = silences.active_rules(now), service_names()
    return [
        Row(
            alert,
            firings.get(alert.pk),
            incidents.get(alert.pk),
            silences.are_all_matched([alert], rules, service_of) if rules else None,
        )
        for alert in alerts
    ]


@for_responders
def choose(request: HttpRequest) -> HttpResponse:
    """POST alert…, what=declaration|silence: the form of an incident, or of a silence, that knows the chosen ones."""
    chosen = [
        number for text in request.POST.getlist("alert")[:MOST_CHOSEN] if (number := row_number(text)) is not None
    ]
    if not chosen:
        return index(request, "Choose the alerts first.", 400)
    if request.POST.get("what") == "silence":
        return HttpResponseRedirect(reverse("silence-new") + "?" + urlencode([("alert", number) for number in chosen]))
    return HttpResponseRedirect(reverse("incident-new") + f"?alerts={','.join(map(str, chosen))}")
