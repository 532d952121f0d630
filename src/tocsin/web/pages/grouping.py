"""What grouping learnt from people, which can be taken back; and what sources and silences in trial would have done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tocsin.alerts.models import Silence
from tocsin.catalog.models import Source
from tocsin.incidents.models import LearntPair, TrialOutcome
from tocsin.web.pages.people import for_responders, reader
from tocsin.web.scope import visible

MOST_PAIRS = 200
MOST_OUTCOMES = 20
Would = TrialOutcome.Would


@dataclass(frozen=True, slots=True)
class Trial:
    """A source or a silence with what it would have done: in numbers, and the newest."""

    of: Source | Silence
    would: Counter[str]
    newest: list[TrialOutcome]

    @property
    def words(self) -> str:
        """The numbers in words."""
        said = (
            (Would.OPEN, "opened {n} incident{s}"),
            (Would.JOIN, "joined {n} firing{s} to others"),
            (Would.IGNORE, "ignored {n}"),
            (Would.HOLD, "held {n} firing{s}"),
        )
        parts = [text.format(n=n, s="" if n == 1 else "s") for would, text in said if (n := self.would[would])]
        return f"would have {', '.join(parts)}" if parts else "nothing has come yet"


def index(request: HttpRequest) -> HttpResponse:
    """GET /grouping."""
    learnt = visible(request, LearntPair.objects.select_related("environment__project").order_by("-at", "-id"))
    pairs = list(learnt[: MOST_PAIRS + 1])
    sources = Source.objects.filter(trial=True, revoked_at=None).select_related("environment__project")
    silences = Silence.objects.filter(is_trial=True, ended_at=None)
    context = {
        "pairs": pairs[:MOST_PAIRS],
        "is_cut": len(pairs) > MOST_PAIRS,
        "trials": [
            *_trials(request, "source", visible(request, sources)),
            *_trials(request, "silence", visible(request, silences)),
        ],
        "reader": reader(request),
    }
    return render(request, "grouping.html", context)


def _trials(request: HttpRequest, kind: str, tried: Iterable[Source | Silence]) -> list[Trial]:
    found = []
    for one in tried:
        outcomes = visible(request, TrialOutcome.objects.filter(**{kind: one}))
        counts = Counter({row["would"]: row["n"] for row in outcomes.values("would").annotate(n=Count("id"))})
        newest = outcomes.select_related("alert", "incident").order_by("-id")[:MOST_OUTCOMES]
        found.append(Trial(one, counts, list(newest)))
    return found


@for_responders
def forget(request: HttpRequest, number: int) -> HttpResponse:
    """POST: takes back what a merge or a split taught."""
    LearntPair.objects.filter(pk=number).delete()
    return HttpResponseRedirect(reverse("grouping"))
