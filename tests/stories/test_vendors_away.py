"""Vendors that are down, slow or final: calls come again, or another way, within their limits. And by schedules, at night."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.notifications.vendor import Post, Vendor, http_vendor
from tests.stories.calling import Story, mailed, pushed
from tests.stories.running import until

pytestmark = pytest.mark.story
DOWN: tuple[int, bytes, dict[str, str]] = (503, b"", {})
TAKEN: tuple[int, bytes, dict[str, str]] = (200, b"ok", {})
GONE: tuple[int, bytes, dict[str, str]] = (404, b"no such topic", {})


@pytest.fixture
def text() -> Iterator[Vendor]:
    """Whoever sends text messages."""
    with http_vendor() as running:
        yield running


def tries(story: Story, incident: int, channel: str) -> int:
    """How often the call of a channel was tried, and lies there again."""
    rows = story.messages(incident, "m.state = 'waiting'")
    return sum(row["tries"] for row in rows if row["channel"].endswith(channel))


def an_hour(story: Story, incident: int) -> int:
    """Six times ten minutes, after each of which the push is tried again; how often it was tried in all."""
    until(lambda: tries(story, incident, "ntfy"), "the first try")
    for _ in range(6):
        before = tries(story, incident, "ntfy")
        story.replicas.pass_time(10)
        until(lambda before=before: tries(story, incident, "ntfy") > before, "the next try")  # type: ignore[misc]
    return tries(story, incident, "ntfy")


@pytest.mark.parametrize("says", ["503", "nothing"])
def test_a_vendor_down_for_an_hour_is_asked_again_the_next_way_is_taken_and_in_the_end_it_is_told_once(
    story: Story, vendor: Vendor, post: Post, says: str
) -> None:
    vendor.answers, vendor.hangs_up = [DOWN], says == "nothing"
    story.pushes(vendor, "ada")
    story.mails(post, "ada", after=5)
    story.policy("person ada")
    incident = story.signal()
    assert 7 <= an_hour(story, incident) <= 30
    assert [row["state"] for row in story.messages(incident)] == ["waiting", "sent"]
    heard = len(pushed(vendor, incident))
    vendor.answers, vendor.hangs_up = [TAKEN], False
    story.replicas.pass_time(5.1)
    story.told(incident, "ada", "ada")
    assert (len(pushed(vendor, incident)), len(mailed(post, incident))) == (heard + 1, 1)


def test_nobody_listening_for_an_hour_is_asked_again_too(story: Story) -> None:
    with http_vendor() as gone:
        pass
    story.pushes(gone, "ada")
    story.policy("person ada")
    incident = story.signal()
    assert an_hour(story, incident) >= 7
    with http_vendor(gone.port) as back:
        story.replicas.pass_time(5.1)
        story.told(incident, "ada")
        assert pushed(back, incident) == ["ada"]


def test_a_vendor_that_does_not_answer_in_time_is_asked_again(story: Story, vendor: Vendor) -> None:
    vendor.slow_s = 30
    story.pushes(vendor, "ada")
    story.policy("person ada")
    incident = story.signal()
    [row] = until(lambda: story.messages(incident, "m.state = 'waiting' AND m.tries > 0"), "the try to end")
    assert "did not answer within" in row["note"]
    vendor.slow_s = 0
    story.replicas.pass_time(1)
    story.told(incident, "ada")
    assert pushed(vendor, incident) == ["ada", "ada again"]  # it may have been heard, and says so


def test_a_way_that_is_refused_for_good_makes_place_for_the_next_at_once(
    story: Story, vendor: Vendor, post: Post
) -> None:
    vendor.answers = [GONE]
    story.pushes(vendor, "ada")
    story.mails(post, "ada", after=30)
    story.policy("person ada")
    incident = story.signal()
    until(lambda: mailed(post, incident), "the mail")
    story.over(incident)
    states = [(row["state"], row["note"]) for row in story.messages(incident)]
    assert states == [("failed", "answered 404: no such topic"), ("sent", "")]


def texts(vendor: Vendor) -> list[str]:
    """The texts that were sent."""
    return [urllib.parse.parse_qs(body.decode())["Body"][0] for _, _, body in list(vendor.heard)]


def test_beyond_five_texts_the_rest_waits_and_is_said_in_one(story: Story, text: Vendor) -> None:
    story.way(story.channel("sms", api_url=text.url), "ada", "+491701234567")
    story.policy("person ada")
    incidents = [story.signal() for _ in range(8)]
    until(lambda: len(texts(text)) == 5, "five texts")
    held = [row for each in incidents for row in story.messages(each, "m.is_held")]
    until(
        lambda: len([row for each in incidents for row in story.messages(each, "m.is_held")]) == 3, "the rest to wait"
    )
    assert len(texts(text)) == 5
    story.replicas.pass_time(15.1)
    until(lambda: len(texts(text)) == 6, "the sixth text")
    for incident in incidents:
        story.over(incident)
    assert "and 2 more" in texts(text)[-1]
    notes = [row["note"] for each in incidents for row in story.messages(each, "m.state = 'suppressed'")]
    assert len(notes) == 2
    assert all("bundled into message" in note for note in notes), held


def duty(story: Story, zone: str, start: str) -> str:
    """The slug of a schedule in which ada and bob take turns at half past two at night."""
    rotation: dict[str, Any] = {"turns": [["ada"], ["bob"]], "start": start, "zone": zone, "unit": "days", "every": 1}
    layer: dict[str, Any] = {"name": "Nights", "rotation": rotation, "restrictions": [], "ends": None}
    body = {"name": zone.replace("/", " "), "zone": zone, "layers": [layer]}
    return str(story.person("ada").call("POST", "/schedules", body)["slug"])


@pytest.mark.parametrize(
    ("zone", "start", "before"),
    [
        ("Europe/Berlin", "2026-03-27T02:30:00", "2026-03-29T00:50:00+00:00"),  # 01:50, and ten minutes later 03:00
        ("Australia/Sydney", "2026-04-03T02:30:00", "2026-04-04T15:10:00+00:00"),  # 02:10, and an hour later again
    ],
)
def test_through_the_night_of_a_change_of_clocks_the_right_one_is_called(
    story: Story, vendor: Vendor, zone: str, start: str, before: str
) -> None:
    story.pushes(vendor, "ada", "bob")
    story.policy(f"schedule {duty(story, zone, start)}")
    story.replicas.pass_time((datetime.fromisoformat(before) - story.replicas.now()).total_seconds() / 60)
    story.told(story.signal(), "bob")
    story.replicas.pass_time(90)
    story.told(story.signal(), "ada")
