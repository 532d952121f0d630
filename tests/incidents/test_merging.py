"""Merging and splitting incidents by hand, and what is learnt from it."""

from __future__ import annotations

import pytest

from tests.factories import NOW, make_environment, make_incident
from tests.workflows.sending import alert, minutes, send, sender_of
from tocsin.alerts import silences
from tocsin.alerts.silences import Draft
from tocsin.incidents.changes import BadChange, change_status
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.merging import merge, split, unmerge
from tocsin.incidents.models import Incident, IncidentOccurrence, LearntPair, TimelineEntry
from tocsin.workflows.ingest import Sender
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sender() -> Sender:
    return sender_of()


def two(sender: Sender) -> tuple[Incident, Incident]:
    send(sender, alert("Slow", "web"), alert("Full", "db"))
    slow, full = sorted(Incident.objects.all(), key=lambda one: one.title, reverse=True)
    return slow, full


def alerts_of(incident: Incident) -> set[str]:
    present = IncidentOccurrence.objects.filter(incident=incident, left_at=None)
    return {link.alert.title for link in present.select_related("alert")}


def merged(sender: Sender) -> tuple[Incident, Incident]:
    slow, full = two(sender)
    merge(full.pk, slow.pk, actor="alice", now=minutes(1), reason="the disk of its database")
    full.refresh_from_db()
    return slow, full


def test_a_merged_incident_ends_as_a_duplicate_and_its_alerts_go_over(sender: Sender) -> None:
    slow, full = merged(sender)
    assert (full.status, full.resolution, full.merged_into) == ("resolved", "duplicate", slow)
    assert (alerts_of(slow), alerts_of(full)) == ({"Slow", "Full"}, set())
    assert "the disk of its database" in TimelineEntry.objects.filter(incident=slow).latest("id").text


def test_where_occurrences_were_is_still_known(sender: Sender) -> None:
    _, full = merged(sender)
    assert IncidentOccurrence.objects.get(incident=full).left_at == minutes(1)


def test_ends_count_where_the_occurrences_are_now(sender: Sender) -> None:
    slow, _ = merged(sender)
    send(sender, alert("Slow", "web", firing=False), at=minutes(2))
    assert Incident.objects.get(pk=slow.pk).quiet_since is None
    send(sender, alert("Full", "db", firing=False), at=minutes(3))
    assert Incident.objects.get(pk=slow.pk).quiet_since == minutes(3)


def test_next_time_they_join_at_once(sender: Sender) -> None:
    merged(sender)
    for name, workload in (("Slow", "web"), ("Full", "db")):
        send(sender, alert(name, workload, firing=False), at=minutes(2))
    sweep(minutes(10))
    send(sender, alert("Slow", "web"), at=minutes(60))
    send(sender, alert("Full", "db"), at=minutes(60.5))
    again = Incident.objects.latest("id")
    assert alerts_of(again) == {"Slow", "Full"}
    assert "people merged these before" in TimelineEntry.objects.filter(incident=again).latest("id").text


def test_a_merge_can_be_undone(sender: Sender) -> None:
    slow, full = merged(sender)
    unmerge(full.pk, actor="alice", now=minutes(2))
    full.refresh_from_db()
    assert (full.status, full.merged_into, full.resolution) == ("triggered", None, "")
    assert (alerts_of(slow), alerts_of(full)) == ({"Slow"}, {"Full"})
    assert not LearntPair.objects.exists()


def test_what_is_part_of_another_is_taken_out_and_not_reopened(sender: Sender) -> None:
    slow, full = merged(sender)
    with pytest.raises(BadChange, match=f"part of {slow.name}: take it out again"):
        change_status(full.pk, Status.INVESTIGATING, actor="bob", now=minutes(2), reason="it is back")


def test_what_comes_after_that_joins_the_one_that_it_is_about(sender: Sender) -> None:
    older, newer = sorted(two(sender), key=lambda one: one.pk)
    merge(newer.pk, older.pk, actor="alice", now=minutes(1), reason="one failure")
    unmerge(newer.pk, actor="alice", now=minutes(2))
    send(sender, alert("Other", newer.subject["name"]), at=minutes(3))
    assert (len(alerts_of(older)), "Other" in alerts_of(newer)) == (1, True)


def test_what_no_silence_holds_is_not_held_where_it_is_merged_into(sender: Sender) -> None:
    slow, full = two(sender)
    silences.keep(Draft(None, "@title=Slow", NOW, minutes(60), "night work"), actor="alice", now=NOW)
    sweep(NOW)
    assert Incident.objects.get(pk=slow.pk).held_by is not None
    merge(full.pk, slow.pk, actor="alice", now=minutes(1), reason="one failure")
    assert Incident.objects.get(pk=slow.pk).held_by is None


def test_a_split_opens_another_incident_and_keeps_them_apart_from_then_on(sender: Sender) -> None:
    send(sender, alert("Slow"), alert("Backup"))
    [incident] = Incident.objects.all()
    chosen = [link.alert_id for link in IncidentOccurrence.objects.filter(alert__title="Backup")]
    opened = split(incident.pk, chosen, actor="alice", now=minutes(1), reason="nothing to do with it")
    assert (alerts_of(incident), alerts_of(opened)) == ({"Slow"}, {"Backup"})
    for name in ("Slow", "Backup"):
        send(sender, alert(name, firing=False), at=minutes(2))
    sweep(minutes(10))
    send(sender, alert("Slow"), alert("Backup"), at=minutes(60))
    assert [len(alerts_of(one)) for one in Incident.objects.order_by("id")[2:]] == [1, 1]


def test_what_can_not_be_merged_says_why(sender: Sender) -> None:
    slow, full = merged(sender)
    elsewhere = make_incident(environment=make_environment("staging"))
    for pair, why in [
        ((slow.pk, slow.pk), "itself"),
        ((full.pk, slow.pk), "only open"),
        ((slow.pk, 10**9), "no such"),
        ((elsewhere.pk, slow.pk), "different environments"),
    ]:
        with pytest.raises(BadChange, match=why):
            merge(*pair, actor="alice", now=NOW, reason="x")
    with pytest.raises(BadChange, match="Say why"):
        merge(elsewhere.pk, slow.pk, actor="alice", now=NOW, reason=" ")


def test_a_split_takes_some_and_leaves_some(sender: Sender) -> None:
    slow, _ = two(sender)
    [only] = [link.alert_id for link in IncidentOccurrence.objects.filter(incident=slow)]
    with pytest.raises(BadChange, match="leave some"):
        split(slow.pk, [only], actor="alice", now=NOW, reason="x")
