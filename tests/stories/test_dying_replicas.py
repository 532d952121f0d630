"""Replicas that die, lose their database or their clock: everybody is called, once, and a second time only as a repeat."""

from __future__ import annotations

import pytest

from tests.notifications.vendor import Post, Vendor
from tests.stories.calling import Story, mailed, pushed
from tests.stories.replicas import Replica
from tests.stories.running import until

pytestmark = pytest.mark.story


def claimant(story: Story, incident: int) -> Replica:
    """The worker that is about to send the call about an incident."""
    [row] = until(lambda: story.messages(incident, "m.state = 'claimed'"), "a worker to claim the call")
    return next(each for each in story.replicas.workers if f":{each.process.pid}:" in row["claimed_by"])


def test_what_a_killed_worker_had_claimed_the_other_sends_once_as_a_repeat(story: Story, post: Post) -> None:
    post.is_mute = True
    story.mails(post, "ada")
    story.policy("person ada")
    incident = story.signal()
    claimant(story, incident).kill()
    post.is_mute = False
    story.told(incident, "ada")
    story.replicas.restart_dead()
    [mail] = mailed(post, incident)
    assert mail["Subject"].startswith("Repeat: ")
    assert story.messages(incident)[0]["tries"] == 2


def test_what_a_killed_worker_had_claimed_is_not_sent_once_somebody_has_answered(story: Story, post: Post) -> None:
    post.is_mute = True
    story.mails(post, "ada")
    story.policy("person ada")
    incident = story.signal()
    claimant(story, incident).kill()
    story.person("ada").call("POST", f"/incidents/{incident}/answer")
    post.is_mute = False
    story.over(incident)
    story.replicas.restart_dead()
    assert (story.messages(incident)[0]["state"], mailed(post, incident)) == ("suppressed", [])


def test_with_both_workers_dead_nobody_is_called_and_everybody_when_they_are_back(story: Story, vendor: Vendor) -> None:
    story.pushes(vendor, "ada", "bob")
    story.policy("person ada", "person bob")
    first = story.signal()
    story.told(first, "ada")
    for worker in story.replicas.workers:
        worker.kill()
    second = story.signal()
    story.replicas.pass_time(5.1)
    assert (pushed(vendor, first), pushed(vendor, second)) == (["ada"], [])
    story.replicas.restart_dead()
    story.told(first, "ada", "bob")
    story.told(second, "ada")
    assert (pushed(vendor, first), pushed(vendor, second)) == (["ada", "bob"], ["ada"])


def test_many_at_once_under_fire_are_called_for_each_and_a_second_time_only_as_a_repeat(
    story: Story, vendor: Vendor
) -> None:
    story.pushes(vendor, "ada", "bob")
    story.policy("person ada", "person bob")
    incidents = [story.signal() for _ in range(12)]
    story.replicas.workers[0].kill()
    for incident in incidents:
        story.told(incident, "ada")
    story.replicas.restart_dead()
    story.replicas.pass_time(5.1)
    story.replicas.workers[1].kill()
    for incident in incidents:
        story.told(incident, "ada", "bob")
    story.replicas.restart_dead()
    for incident in incidents:
        heard = pushed(vendor, incident)
        assert {each.removesuffix(" again") for each in heard} == {"ada", "bob"}
        assert max(heard.count("ada"), heard.count("bob")) == 1  # more only as a repeat


def test_a_database_that_goes_and_comes_back_loses_and_doubles_nothing(story: Story, vendor: Vendor) -> None:
    story.pushes(vendor, "ada", "bob")
    story.policy("person ada", "person bob")
    incident = story.signal()
    story.told(incident, "ada")
    logs = [len(worker.log) for worker in story.replicas.workers]
    story.replicas.database.stop()
    body = {"title": "While it is away", "severity": "critical"}
    assert story.replicas.first.post(story.cast.path, body) == 503
    story.replicas.restart_database()
    story.replicas.pass_time(5.1)
    story.told(incident, "ada", "bob")
    assert pushed(vendor, incident) == ["ada", "bob"]
    for worker, before in zip(story.replicas.workers, logs, strict=True):
        said = worker.log[before:]
        assert "Traceback" not in said
        assert said.count("the database is away") == 1


@pytest.mark.parametrize("minutes", [60, -60])
def test_a_replica_whose_clock_jumps_calls_nobody_early_late_or_twice(
    story: Story, vendor: Vendor, minutes: int
) -> None:
    story.pushes(vendor, "ada", "bob")
    story.policy("person ada", "person bob")
    jumping = story.replicas.replicas[::2]  # the web process and the worker of the first
    before = [story.signal() for _ in range(3)]
    for replica in jumping:
        replica.move(minutes * 60)
    after = [story.signal() for _ in range(3)]
    for incident in before + after:
        story.told(incident, "ada")
    story.replicas.pass_time(5.1)
    for incident in before + after:
        story.told(incident, "ada", "bob")
        assert pushed(vendor, incident) == ["ada", "bob"]
    for replica in jumping:
        replica.move(-minutes * 60)


def test_messages_that_vanish_are_an_alarm(story: Story, vendor: Vendor) -> None:
    story.pushes(vendor, "ada")
    story.policy("person ada")
    incident = story.signal()
    story.told(incident, "ada")
    story.rows("DELETE FROM notifications_attempt WHERE message_id IN (SELECT id FROM notifications_message "
               "WHERE incident_id = %s) RETURNING id", incident)  # fmt: skip
    story.rows("DELETE FROM notifications_message WHERE incident_id = %s RETURNING id", incident)
    for worker in story.replicas.workers:  # it audits when it begins, then every half minute
        worker.kill()
    story.replicas.restart_dead()
    alarm = until(lambda: story.timeline(incident, "alarm"), "the auditor's alarm")
    assert alarm == ["Alarm: Step 1 of 1 says that it told ada: no message is there."]
    alarms = story.person("ada").call("GET", "/escalation/audit")["alarms"]
    assert f"INC-{incident:03d}" in [each["incident"] for each in alarms]
