"""A hypothesis becomes the confirmed cause."""

from __future__ import annotations

import pytest

from tests.factories import NOW, make_incident
from tests.web.pages.stored import make_hypothesis, store_investigation
from tocsin.incidents.changes import BadChange
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import statements_of
from tocsin.workflows.confirming import confirm

pytestmark = pytest.mark.django_db


def test_its_words_are_kept_with_which_it_was() -> None:
    incident = make_incident()
    store_investigation(incident)
    confirm(incident.pk, None, 1, actor="alice", now=NOW)
    kept = statements_of(incident.pk)[Topic.CAUSE]
    assert (kept.text, kept.author) == (make_hypothesis().summary, "alice")
    assert (kept.reference["investigation"], kept.reference["cause"]) == (1, make_hypothesis().cause)
    assert incident.timeline.latest("id").kind == "cause"


@pytest.mark.parametrize(("investigation", "rank"), [(None, 9), (7, 1)])
def test_what_is_no_hypothesis_can_not_be_confirmed(investigation: int | None, rank: int) -> None:
    incident = make_incident()
    store_investigation(incident)
    with pytest.raises(BadChange, match="no such hypothesis"):
        confirm(incident.pk, investigation, rank, actor="alice", now=NOW)
