"""Evidence is attached and taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import NOW, make_incident
from tests.incidents.images import png
from tocsin.incidents import attaching
from tocsin.incidents.attaching import Piece, attach, remove
from tocsin.incidents.attachments import AttachedPicture, Attachment, Kind
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": "alice", "now": NOW}


@pytest.fixture
def incident(db: None) -> Incident:
    return make_incident()


def test_a_piece_has_a_number_of_its_own_and_a_line_on_the_timeline(incident: Incident) -> None:
    attach(incident.pk, Piece(Kind.LINK, url="https://example.com/d/1"), **BY)
    made = attach(incident.pk, Piece(Kind.LOG, "the last words", "panic: out of range"), **BY)
    assert made.ordinal == 2
    line = incident.timeline.latest("id")
    assert (line.kind, line.actor, line.text) == ("evidence", "alice", "Evidence 2, a log: the last words")


def test_secrets_are_taken_out_of_what_is_pasted(incident: Incident) -> None:
    words = "login with password=hunter2hunter2 failed"
    made = attach(incident.pk, Piece(Kind.LOG, words, words, "https://x.example/?api_key=hunter2hunter2"), **BY)
    kept = Attachment.objects.get(pk=made.pk)
    assert "hunter2" not in kept.caption + kept.text + kept.url + incident.timeline.latest("id").text


@pytest.mark.parametrize(
    ("piece", "why"),
    [
        (Piece(Kind.LINK), "needs its address"),
        (Piece(Kind.LINK, url="javascript:alert(1)"), "must begin with http"),
        (Piece(Kind.LINK, url="https://[::1"), "must begin with http"),
        (Piece(Kind.LINK, url="https://alice:secret@example.com/"), "Leave the user name and password out"),
        (Piece(Kind.METRIC, "errors"), "Paste the metric"),
        (Piece(Kind.TRACE, text="x" * 100_001), "attach the part that matters"),
        (Piece(Kind.LOG, "c" * 301, "text"), "caption is too long"),
        (Piece(Kind.SCREENSHOT), "Paste, drop or choose"),
        (Piece(Kind.SCREENSHOT, picture=b"<svg>"), "SVG"),
    ],
)
def test_what_is_no_evidence_is_refused_with_the_reason(incident: Incident, piece: Piece, why: str) -> None:
    with pytest.raises(BadChange, match=why):
        attach(incident.pk, piece, **BY)
    assert not Attachment.objects.exists()


def test_screenshots_are_bounded_in_number(incident: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attaching, "MOST_SCREENSHOTS", 1)
    attach(incident.pk, Piece(Kind.SCREENSHOT, picture=png()), **BY)
    with pytest.raises(BadChange, match="has 1 screenshots"):
        attach(incident.pk, Piece(Kind.SCREENSHOT, picture=png()), **BY)


def test_whoever_attached_it_removes_it_and_nothing_is_kept_but_that_it_was_there(incident: Incident) -> None:
    attach(incident.pk, Piece(Kind.SCREENSHOT, "a secret", picture=png()), **BY)
    remove(incident.pk, 1, actor="alice", is_manager=False, now=NOW)
    gone = Attachment.objects.get()
    assert (gone.caption, gone.removed_by, AttachedPicture.objects.count()) == ("", "alice", 0)
    told = list(incident.timeline.order_by("id").values_list("text", flat=True))
    assert told == ["Evidence 1, a screenshot; removed since.", "Evidence 1, a screenshot, removed."]
    assert attach(incident.pk, Piece(Kind.LOG, text="x"), **BY).ordinal == 2


def test_others_do_not_remove_it_but_managers_do(incident: Incident) -> None:
    attach(incident.pk, Piece(Kind.LOG, text="x"), **BY)
    with pytest.raises(BadChange, match="alice attached this"):
        remove(incident.pk, 1, actor="bob", is_manager=False, now=NOW)
    remove(incident.pk, 1, actor="bob", is_manager=True, now=NOW)
    with pytest.raises(BadChange, match="no evidence 1"):
        remove(incident.pk, 1, actor="bob", is_manager=True, now=NOW)
