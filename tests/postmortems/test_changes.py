"""What happens to a postmortem, from the end of its incident on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_incident, make_user
from tests.web.pages.stored import make_alert, store_investigation
from tocsin.ground.edits import BadEdit
from tocsin.incidents import assessments, followup
from tocsin.incidents import changes as incidents
from tocsin.incidents.actions import Horizon, Kind, Plan
from tocsin.incidents.changes import BadChange
from tocsin.incidents.documents import SearchDocument
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.postmortems import changes
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.sections import Section
from tocsin.postmortems.states import State
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db


def ended(
    severity: str = "critical", resolution: Resolution = Resolution.FIXED, title: str = "Checkout is down"
) -> Incident:
    """An incident that is over, with all that follows done."""
    incident = make_incident(title, severity=severity)
    end(incident, resolution)
    return incident


def end(incident: Incident, resolution: Resolution = Resolution.FIXED) -> None:
    incidents.change_status(
        incident.pk, Status.RESOLVED, actor="alice", now=NOW, resolution=resolution, reason="rolled back"
    )
    sweep(NOW)
    incident.refresh_from_db()


def written(incident: Incident, actor: str = "alice") -> None:
    """Every section, by one person, up to the review."""
    for section in Section:
        changes.write(incident.pk, section, f"{section.heading}.", seen=0, actor=actor, now=NOW)
    changes.move(incident.pk, State.IN_REVIEW, actor=actor, now=NOW)


def last_line(incident: Incident) -> str:
    return incident.timeline.order_by("id").last().text  # type: ignore[union-attr]  # there is one in these tests


@pytest.mark.parametrize(
    ("severity", "need"), [("critical", "mandatory"), ("high", "mandatory"), ("medium", "recommended")]
)
def test_the_end_of_an_incident_opens_a_draft(severity: str, need: str) -> None:
    incident = ended(severity)
    made = Postmortem.objects.get()
    assert (made.need, made.state, made.due_at) == (need, "pending", NOW + timedelta(hours=48))
    assert last_line(incident) == (
        f"Postmortem opened as a draft: {need}, since its severity is {severity}. Due 2026-03-03 03:00 UTC."
    )


@pytest.mark.parametrize(
    ("severity", "how"),
    [("low", Resolution.FIXED), ("critical", Resolution.FALSE_ALARM), ("critical", Resolution.DUPLICATE)],
)
def test_some_ends_need_none(severity: str, how: Resolution) -> None:
    ended(severity, how)
    assert not Postmortem.objects.exists()


def test_what_recovers_by_itself_is_no_exception() -> None:
    incident = make_incident(severity="high", quiet_since=NOW - timedelta(minutes=9))
    incidents.resolve_if_quiet(incident.pk, NOW)
    sweep(NOW)
    assert Postmortem.objects.get().incident == incident


def test_what_was_reopened_meanwhile_has_no_end_yet() -> None:
    incident = make_incident(severity="critical")
    incidents.change_status(incident.pk, Status.RESOLVED, actor="a", now=NOW, resolution=Resolution.FIXED)
    incidents.change_status(incident.pk, Status.INVESTIGATING, actor="a", now=NOW, reason="no")
    sweep(NOW)
    assert not Postmortem.objects.exists()


def test_a_second_end_moves_the_deadline_and_keeps_what_was_written() -> None:
    incident = ended()
    changes.write(incident.pk, Section.LESSONS, "Mine.", seen=0, actor="alice", now=NOW)
    later = NOW + timedelta(days=1)
    incidents.change_status(incident.pk, Status.INVESTIGATING, actor="a", now=later, reason="again")
    incidents.change_status(incident.pk, Status.RESOLVED, actor="a", now=later, resolution=Resolution.FIXED)
    sweep(later)
    held = changes.postmortem_of(incident.pk)
    assert held.due_at == later + timedelta(hours=48)
    assert held.incident.status == "postmortem"
    assert changes.texts_of(held)[Section.LESSONS].text == "Mine."


def test_one_that_turns_out_a_false_alarm_owes_nothing() -> None:
    incident = ended()
    incidents.change_status(incident.pk, Status.INVESTIGATING, actor="a", now=NOW, reason="look again")
    end(incident, Resolution.FALSE_ALARM)
    assert not Postmortem.objects.exists()
    assert incident.owes == ""


def test_another_severity_calls_for_another_need() -> None:
    incident = ended("medium")
    assessments.set_severity(incident.pk, Severity.CRITICAL, actor="alice", now=NOW, note="payments were down too")
    sweep(NOW)
    incident.refresh_from_db()
    assert Postmortem.objects.get().need == "mandatory"
    assert last_line(incident) == "The postmortem is mandatory now, since its severity is critical."
    assert "mandatory" in incident.owes


def test_an_incident_is_found_by_its_postmortem() -> None:
    incident = ended()
    for seen, text in enumerate(("hedgehogs in the cellar", "badgers in the cellar")):
        changes.write(incident.pk, Section.LESSONS, text, seen=seen, actor="alice", now=NOW)
    words = SearchDocument.objects.get(incident=incident).words
    assert "badger" in words
    assert "hedgehog" not in words


def test_a_mandatory_one_is_written_before_the_incident_is_closed() -> None:
    incident = ended()
    with pytest.raises(BadChange, match="its postmortem is mandatory"):
        incidents.change_status(incident.pk, Status.CLOSED, actor="alice", now=NOW)
    written(incident)
    changes.move(incident.pk, State.COMPLETE, actor="bob", now=NOW)
    closed = incidents.change_status(incident.pk, Status.CLOSED, actor="alice", now=NOW)
    assert closed.closed_at == NOW


def test_whoever_can_not_see_it_is_not_waited_for() -> None:
    make_user("alice")
    make_user("eve", "")
    incident = ended()
    written(incident)
    assert changes.move(incident.pk, State.COMPLETE, actor="alice", now=NOW).completed_by == "alice"


def test_a_recommended_one_holds_nothing_up() -> None:
    incident = ended("medium")
    assert incidents.change_status(incident.pk, Status.CLOSED, actor="alice", now=NOW).status == "closed"


def test_whoever_writes_first_has_begun_it_and_the_incident_is_there_too() -> None:
    incident = ended()
    changes.write(incident.pk, Section.SUMMARY, "It broke.", seen=0, actor="alice", now=NOW)
    incident.refresh_from_db()
    assert (incident.status, Postmortem.objects.get().state) == ("postmortem", "in progress")


def test_what_nobody_wrote_follows_the_record() -> None:
    incident = ended()
    store_investigation(incident)
    make_alert(incident)
    plan = Plan("Alert on memory", Kind.DETECT, Horizon.NOW)
    followup.add(incident.pk, plan, actor="alice", now=NOW)
    texts = changes.texts_of(changes.postmortem_of(incident.pk))
    assert "cart was killed at its limit" in texts[Section.ROOT_CAUSE].text
    assert "Alert on memory" in texts[Section.ACTIONS].text
    assert "alice: rolled back" in texts[Section.RESOLUTION].text
    assert texts[Section.DETECTION].text.startswith("An alert told of it: KubePodCrashLooping (alertmanager)")
    assert texts[Section.ACTIONS].version == 0


def test_words_that_somebody_has_not_seen_stay() -> None:
    incident = ended()
    changes.write(incident.pk, Section.LESSONS, "Hers.", seen=0, actor="alice", now=NOW)
    with pytest.raises(BadEdit, match="alice has changed “Lessons learned”"):
        changes.write(incident.pk, Section.LESSONS, "His.", seen=0, actor="bob", now=NOW)
    changes.write(incident.pk, Section.LESSONS, "Both.", seen=1, actor="bob", now=NOW)
    kept = Postmortem.objects.get().versions.order_by("version").values_list("author", "text")
    assert list(kept) == [("alice", "Hers."), ("bob", "Both.")]


def test_what_is_unfinished_is_not_complete() -> None:
    incident = ended()
    changes.move(incident.pk, State.IN_PROGRESS, actor="alice", now=NOW)
    changes.move(incident.pk, State.IN_REVIEW, actor="alice", now=NOW)
    with pytest.raises(BadChange, match=r"must still write: .*Lessons learned"):
        changes.move(incident.pk, State.COMPLETE, actor="bob", now=NOW)
    assert Postmortem.objects.get().state == "in review"


def test_nobody_reviews_their_own_words_while_others_are_there() -> None:
    incident = ended()
    make_user("alice")
    make_user("bob")
    written(incident)
    with pytest.raises(BadChange, match="such as bob"):
        changes.move(incident.pk, State.COMPLETE, actor="alice", now=NOW)
    changes.move(incident.pk, State.COMPLETE, actor="bob", now=NOW)
    held = Postmortem.objects.get()
    assert (held.completed_by, held.completed_at) == ("bob", NOW)


def test_what_is_complete_stays_as_it_is() -> None:
    incident = ended()
    for section in Section:
        if section is not Section.TIMELINE:
            changes.write(incident.pk, section, "Said.", seen=0, actor="alice", now=NOW)
    changes.move(incident.pk, State.IN_REVIEW, actor="alice", now=NOW)
    changes.move(incident.pk, State.COMPLETE, actor="alice", now=NOW)
    incidents.add_note(incident.pk, "afterthought", actor="bob", now=NOW)
    text = changes.texts_of(changes.postmortem_of(incident.pk))[Section.TIMELINE]
    assert "afterthought" not in text.text
    assert text.author == "tocsin"
    with pytest.raises(BadChange, match="take it up again"):
        changes.write(incident.pk, Section.LESSONS, "More.", seen=1, actor="alice", now=NOW)


def test_it_is_taken_up_again_and_owed_again() -> None:
    incident = ended()
    written(incident)
    changes.move(incident.pk, State.COMPLETE, actor="bob", now=NOW)
    changes.move(incident.pk, State.IN_PROGRESS, reason="a wrong\x00 date", actor="bob", now=NOW)
    incident.refresh_from_db()
    assert "mandatory" in incident.owes
    assert Postmortem.objects.get().completed_at is None


def test_a_complete_one_is_to_be_looked_at_again_after_another_end() -> None:
    incident = ended()
    written(incident)
    changes.move(incident.pk, State.COMPLETE, actor="bob", now=NOW)
    later = NOW + timedelta(days=1)
    incidents.change_status(incident.pk, Status.INVESTIGATING, actor="a", now=later, reason="again")
    incidents.change_status(incident.pk, Status.RESOLVED, actor="a", now=later, resolution=Resolution.FIXED)
    sweep(later)
    assert "look at it again" in last_line(incident)
    for hours in (0, 1):
        changes.open_if_needed(incident.pk, later + timedelta(hours=hours))
    assert incident.timeline.filter(text__contains="look at it again").count() == 1
    assert Postmortem.objects.get().state == "complete"


def test_it_is_reminded_of_each_day() -> None:
    incident = ended()
    for hours in (47, 48, 49, 73):
        sweep(NOW + timedelta(hours=hours))
    told = [line.text for line in incident.timeline.order_by("id") if "overdue" in line.text]
    assert told == ["The postmortem (nobody’s) is overdue since 2026-03-03 03:00 UTC."] * 2


def test_one_is_opened_by_hand_once_it_is_over() -> None:
    incident = make_incident(severity="low")
    with pytest.raises(BadChange, match="resolve it first"):
        changes.open_by_hand(incident.pk, actor="alice", now=NOW)
    end(incident)
    assert changes.open_by_hand(incident.pk, actor="alice", now=NOW).need == "recommended"
    with pytest.raises(BadChange, match="already"):
        changes.open_by_hand(incident.pk, actor="alice", now=NOW)


def test_it_has_an_owner_and_another_day() -> None:
    incident, bob = ended(), make_user("bob")
    changes.own(incident.pk, bob.pk, "bob", actor="alice", now=NOW)
    changes.reschedule(incident.pk, NOW + timedelta(days=7), actor="alice", now=NOW)
    held = changes.postmortem_of(incident.pk)
    assert (held.owner, held.due_at) == (bob, NOW + timedelta(days=7))
    assert last_line(incident) == "The postmortem is due 2026-03-08 03:00 UTC now."
