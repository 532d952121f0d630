"""Somebody has it: however they say so, and whoever says so at the same moment, nobody further is called. On two replicas."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.parse
import urllib.request
from collections.abc import Callable

import pytest

from tests.notifications.saying import SECRETS
from tests.notifications.vendor import Post, Vendor
from tests.stories.calling import Story, at_once, link_in, mailed, pushed, step
from tests.stories.people import Person
from tests.stories.running import until

pytestmark = pytest.mark.story
DOWN: tuple[int, bytes, dict[str, str]] = (503, b"", {})
Answer = Callable[[Story, int, Post], object]


def on_the_page(story: Story, incident: int, post: Post) -> object:
    return story.elsewhere("ada").page(f"/incidents/{incident}/answer", {})


def over_the_api(story: Story, incident: int, post: Post) -> object:
    return story.elsewhere("ada").call("POST", f"/incidents/{incident}/answer")


def by_the_link_in_a_mail(story: Story, incident: int, post: Post) -> object:
    anybody, link = Person(story.replicas.second, "anybody"), link_in(mailed(post, incident)[-1])
    assert "Say, as ada, that you have it" in anybody.page(link)
    return anybody.page(link, {})


def by_a_button_in_slack(story: Story, incident: int, post: Post) -> object:
    number = story.channel("slack")
    story.way(number, "ada", "U7", after=None)
    action = {"action_id": "acknowledge", "value": str(incident)}
    payload = {"type": "block_actions", "user": {"id": "U7"}, "actions": [action]}
    body = urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()
    stamp = str(int(story.replicas.now().timestamp()))
    mac = hmac.new(SECRETS["signing_secret"].encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac.hexdigest()}"}
    address = f"{story.replicas.second.address}/slack/{number}"
    return urllib.request.urlopen(urllib.request.Request(address, body, headers)).status


@pytest.mark.parametrize("answer", [on_the_page, over_the_api, by_the_link_in_a_mail, by_a_button_in_slack])
def test_an_answer_ends_it_everywhere(story: Story, vendor: Vendor, post: Post, answer: Answer) -> None:
    story.mails(post, "ada")
    story.pushes(vendor, "ada", after=3, suffix=" later")
    story.pushes(vendor, "bob")
    story.policy("person ada", "person bob")
    incident, other = story.signal(), story.signal()
    until(lambda: len(story.messages(incident, "m.state = 'sent'")) == 1, "the first call")
    answer(story, incident, post)
    assert story.status(incident) == "acknowledged"
    story.replicas.pass_time(5.1)
    story.told(other, "ada", "ada", "bob")
    assert [(row["who"], row["state"]) for row in story.messages(incident)] == [("ada", "sent"), ("ada", "suppressed")]
    assert pushed(vendor, incident) == []


def test_two_who_answer_at_the_same_moment_both_have_it_and_nobody_else_is_called(
    story: Story, vendor: Vendor, post: Post
) -> None:
    story.pushes(vendor, "ada", "carol")
    story.mails(post, "bob")
    both = [{"to": "person", "name": name} for name in ("ada", "bob")]
    made = story.policy("person ada", "person carol")
    steps = [step("person ada") | {"targets": both}, step("person carol")]
    body = {"name": story.name, "steps": steps, "version": made["version"]}
    story.person("ada").call("PUT", f"/escalation/policies/{made['slug']}", body)
    incident, other = story.signal(), story.signal()
    story.told(incident, "ada", "bob")
    anybody, link = Person(story.replicas.second, "anybody"), link_in(mailed(post, incident)[0])
    anybody.page(link)
    at_once(lambda: story.person("ada").page(f"/incidents/{incident}/answer", {}), lambda: anybody.page(link, {}))
    answers = story.rows(
        "SELECT actor, kind FROM incidents_timelineentry WHERE incident_id = %s AND actor <> 'tocsin' ORDER BY kind",
        incident,
    )
    assert sorted(actor for actor, _ in answers) == ["ada", "bob"]
    assert [kind for _, kind in answers] == ["escalation", "status"]
    story.replicas.pass_time(5.1)
    story.told(other, "ada", "bob", "carol")
    story.told(incident, "ada", "bob")


def test_an_answer_at_the_moment_of_the_next_step_leaves_no_third(story: Story, vendor: Vendor) -> None:
    story.pushes(vendor, "ada", "bob", "carol")
    story.policy("person ada", "person bob", "person carol")
    incident, other = story.signal(), story.signal()
    story.told(incident, "ada")
    story.told(other, "ada")
    at_once(
        lambda: story.replicas.pass_time(5.1),
        lambda: story.person("ada").call("POST", f"/incidents/{incident}/answer"),
    )
    story.told(other, "ada", "bob")
    story.replicas.pass_time(5.1)
    story.told(other, "ada", "bob", "carol")
    story.over(incident)
    # bob may have been called before the answer was there
    assert pushed(vendor, incident) in (["ada"], ["ada", "bob"])


def test_a_call_on_its_way_that_fails_is_not_tried_again_after_an_answer(story: Story, vendor: Vendor) -> None:
    vendor.slow_s, vendor.answers = 2, [DOWN]
    story.pushes(vendor, "ada")
    story.policy("person ada")
    incident = story.signal()
    until(lambda: pushed(vendor, incident), "the vendor to be asked")
    story.person("ada").call("POST", f"/incidents/{incident}/answer")
    until(lambda: story.messages(incident, "m.state = 'suppressed'"), "it to be withdrawn")
    assert pushed(vendor, incident) == ["ada"]
    assert story.messages(incident)[0]["note"].startswith("ada ")


def test_an_acknowledgement_that_nothing_follows_expires_and_nags_until_it_is_over(
    story: Story, vendor: Vendor
) -> None:
    story.pushes(vendor, "ada", "bob")
    story.policy("person bob", holds=5)
    incident, other = story.signal(), story.signal()
    story.told(incident, "bob")
    for each in (incident, other):
        story.person("ada").call("POST", f"/incidents/{each}/answer")
    story.replicas.pass_time(5.1)
    story.told(incident, "bob", "ada")
    story.replicas.pass_time(5.1)
    story.told(incident, "bob", "ada", "ada", "bob")
    story.person("ada").call("POST", f"/incidents/{incident}/notes", {"text": "Still looking."})
    story.replicas.pass_time(5.1)
    story.told(incident, "bob", "ada", "ada", "bob", "ada")
    story.done(incident, "resolved", resolution="fixed")
    story.replicas.pass_time(5.1)
    story.told(other, "bob", "ada", "ada", "bob", "ada", "bob", "ada", "bob")
    story.told(incident, "bob", "ada", "ada", "bob", "ada")


def test_a_severity_raised_after_the_acknowledgement_calls_again(story: Story, vendor: Vendor) -> None:
    story.pushes(vendor, "ada", "bob")
    story.policy("person ada", "person bob")
    incident = story.signal("medium")
    story.told(incident, "ada")
    story.person("ada").call("POST", f"/incidents/{incident}/answer")
    body = {"severity": "critical", "note": "Everybody is hit."}
    story.person("bob").call("POST", f"/incidents/{incident}/severity", body)
    story.told(incident, "ada", "ada")
    story.replicas.pass_time(5.1)
    story.told(incident, "ada", "ada", "bob")


def test_an_edit_of_the_policy_does_not_change_whom_a_running_one_calls(story: Story, vendor: Vendor) -> None:
    story.pushes(vendor, "ada", "bob", "carol")
    made = story.policy("person ada", "person bob")
    before = story.signal()
    story.told(before, "ada")
    body = {"name": story.name, "steps": [step("person ada"), step("person carol")], "version": made["version"]}
    story.elsewhere("ada").call("PUT", f"/escalation/policies/{made['slug']}", body)
    after = story.signal()
    story.told(after, "ada")
    story.replicas.pass_time(5.1)
    story.told(before, "ada", "bob")
    story.told(after, "ada", "carol")


def test_that_nobody_could_be_told_is_said_with_the_reason(story: Story, vendor: Vendor) -> None:
    story.policy("person ada", "person bob")
    incident = story.signal()
    said = "ada has no confirmed way to be reached; bob has no confirmed way to be reached."
    until(lambda: f"No one was notified, because {said}" in story.timeline(incident), "the timeline to say so")
    assert story.person("ada").call("GET", f"/incidents/{incident}/escalation")["nobody"]
    assert "No one was notified" in story.person("ada").page(f"/incidents/{incident}")
