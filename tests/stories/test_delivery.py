"""Whom Tocsin tells hears it: while vendors are away or slow, while workers die, and until somebody answers."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import os
import re
import signal
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.notifications.saying import SECRETS, settings_of
from tests.notifications.vendor import Post, Vendor, http_vendor, mail_server
from tests.stories.people import Person, join
from tests.stories.running import Tocsin, until

pytestmark = pytest.mark.story
DOWN: tuple[int, bytes, dict[str, str]] = (503, b"", {})
TAKEN: tuple[int, bytes, dict[str, str]] = (200, b'{"ok": true, "channel": "C1", "ts": "17.1"}', {})


@pytest.fixture(scope="session")
def ada(server: Tocsin) -> Person:
    return join(server, "ada")


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with http_vendor() as running:
        running.answers = [TAKEN]
        yield running


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as running:
        yield running


def channel(person: Person, kind: str, name: str, project: str | None = None, **settings: str) -> int:
    """A channel that hears of one project, or of nothing by itself."""
    audience = "as usual for its kind" if project else "nothing by itself"
    given = {**settings_of(kind, settings.pop("url", "https://vendor.example.org")), **settings}
    body = {"kind": kind, "name": name, "settings": given, "project": project, "audience": audience}
    return int(person.call("POST", "/channels", body)["id"])


def signalled(server: Tocsin, project: str, vendor: Vendor, person: Person, **signal: str) -> None:
    """An incident of a project of its own, of which an ntfy channel hears."""
    path = server.source("generic", f"{project}/production")
    channel(person, "ntfy", project, project, url=vendor.url)
    assert server.post(path, {"title": f"{project} is down", **signal}) == 202


def message(server: Tocsin, name: str) -> tuple[Any, ...]:
    """State, note, tries and whether it may be a repeat, of the one message through a channel."""
    query = (
        "SELECT m.state, m.note, m.tries, m.is_repeat FROM notifications_message m "
        "JOIN notifications_channel c ON c.id = m.channel_id WHERE c.name = %s AND m.kind = 'new'"
    )
    found = server.rows(query, name)
    return found[0] if found else ("", "", 0, False)


def pass_time(server: Tocsin, span: str) -> None:
    """Lets everything that waits to be sent be so much older."""
    server.rows(
        "UPDATE notifications_message SET created_at = created_at - %s::interval, next_try_at = next_try_at - %s::interval "
        "WHERE state = 'waiting' RETURNING id", span, span,
    )  # fmt: skip


def test_a_vendor_that_is_down_for_an_hour_is_told_when_it_is_back(server: Tocsin, ada: Person, vendor: Vendor) -> None:
    vendor.answers = [DOWN]
    signalled(server, "hour", vendor, ada)
    for tries in range(1, 13):  # five minutes are the longest wait
        until(lambda tries=tries: message(server, "hour")[2] >= tries, f"try {tries}")  # type: ignore[misc]  # its default
        until(lambda: message(server, "hour")[:2] == ("waiting", "answered 503"), "it to be put off")
        pass_time(server, "5 min")
    vendor.answers = [TAKEN]
    until(lambda: message(server, "hour")[0] == "sent", "it to be sent")
    assert not message(server, "hour")[3]
    taken, failed = server.rows("SELECT count(*) FILTER (WHERE is_taken), count(*) FILTER (WHERE NOT is_taken) "
                                "FROM notifications_attempt a JOIN notifications_message m ON m.id = a.message_id "
                                "JOIN notifications_channel c ON c.id = m.channel_id WHERE c.name = 'hour'")[0]  # fmt: skip
    assert (taken, failed >= 12) == (1, True)


def test_a_vendor_that_asks_for_patience_gets_it(server: Tocsin, ada: Person, vendor: Vendor) -> None:
    vendor.answers = [(429, b"slow down", {"Retry-After": "120"}), TAKEN]
    signalled(server, "busy", vendor, ada)
    until(lambda: message(server, "busy")[0] == "waiting" and message(server, "busy")[2], "the first try")
    pass_time(server, "110 seconds")
    time.sleep(2)
    assert len(vendor.heard) == 1
    pass_time(server, "20 seconds")
    until(lambda: message(server, "busy")[0] == "sent", "the second try")
    assert len(vendor.heard) == 2


def test_what_a_killed_worker_was_sending_is_sent_again_and_says_so(
    server: Tocsin, ada: Person, vendor: Vendor
) -> None:
    vendor.slow_s = 8
    signalled(server, "killed", vendor, ada)
    until(lambda: vendor.heard, "the vendor to be asked")
    os.kill(server.worker(), signal.SIGKILL)
    vendor.slow_s = 0
    until(lambda: message(server, "killed")[0] == "sent", "another worker to send it", 60)
    assert message(server, "killed")[2:] == (2, True)
    titles = [body["title"] for body in vendor.bodies()]
    assert [title.startswith("Repeat: ") for title in titles] == [False, True]


def pressed(server: Tocsin, number: int, press: str, incident: int, member: str) -> int:
    """The status of a request that Slack sends when somebody presses a button."""
    payload = {
        "type": "block_actions",
        "user": {"id": member},
        "actions": [{"action_id": press, "value": str(incident)}],
    }
    body, stamp = urllib.parse.urlencode({"payload": json.dumps(payload)}).encode(), str(int(time.time()))
    mac = hmac.new(SECRETS["signing_secret"].encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac.hexdigest()}"}
    with urllib.request.urlopen(urllib.request.Request(f"{server.address}/slack/{number}", body, headers)) as answer:
        return int(answer.status)


def reached(person: Person, number: int, address: str) -> str:
    """Adds a way to reach somebody; its id."""
    person.page("/account/contact")
    person.page("/account/contact", {"do": "add", "channel": str(number), "address": address})
    query = "SELECT id FROM notifications_contactmethod WHERE channel_id = %s AND address = %s"
    [(method,)] = person.server.rows(query, number, address)
    return str(method)


def confirm(person: Person, method: str, code: str) -> None:
    person.page("/account/contact", {"do": "confirm", "method": method, "code": code})


def test_a_button_in_slack_acknowledges_in_the_name_of_whoever_confirmed_their_id(
    server: Tocsin, ada: Person, vendor: Vendor
) -> None:
    path = server.source("generic", "slacked/production")
    number = channel(ada, "slack", "slacked", "slacked", api_url=vendor.url)
    method = reached(ada, number, "U7")
    until(lambda: vendor.heard, "the code")
    confirm(ada, method, re.findall(r"\d{6}", vendor.bodies()[0]["text"])[0])
    server.post(path, {"title": "Slacked is down"})
    until(lambda: len(vendor.heard) > 1, "the incident in Slack")
    buttons = vendor.bodies()[1]["blocks"][-1]["elements"]
    incident = int(next(each["value"] for each in buttons if each["action_id"] == "acknowledge"))
    assert pressed(server, number, "acknowledge", incident, "U7") == 200
    status = "SELECT status FROM incidents_incident WHERE id = %s"
    assert server.rows(status, incident) == [("acknowledged",)]
    assert server.rows(
        "SELECT actor FROM incidents_timelineentry WHERE incident_id = %s AND kind = 'status'", incident
    ) == [("ada",)]
    assert pressed(server, number, "resolve", incident, "U8") == 200
    until(lambda: any("had no effect" in body["text"] for body in vendor.bodies()), "the stranger to be told")
    assert server.rows(status, incident) == [("acknowledged",)]


def paged(server: Tocsin, person: Person, path: str) -> tuple[int, str]:
    """The incident that a signal opens, once somebody was paged about it, and the text of the page."""
    steps = [{"targets": [{"to": "person", "name": person.name}], "wait": 30, "severities": [], "hours": "always"}]
    made = person.call("POST", "/escalation/policies", {"name": "Mailed", "steps": steps})
    person.call("PUT", "/escalation/choices", {"policy": made["slug"], "project": "mailed"})
    assert server.post(path, {"title": "Mailed is down", "severity": "critical"}) == 202
    query = "SELECT incident_id FROM notifications_message WHERE kind = 'page' AND state = 'sent'"
    [(incident,)] = until(lambda: server.rows(query), "the page to be sent")
    return int(incident), query


def test_the_link_in_a_mail_acknowledges_and_ends_the_calls_that_wait(server: Tocsin, ada: Person, post: Post) -> None:
    path = server.source("generic", "mailed/production")
    smtp = {"host": "127.0.0.1", "port": str(post.port), "security": "none", "username": "", "password": ""}
    number = channel(ada, "email", "mailed", **smtp)
    for address in ("ada@example.org", "ada@example.com"):
        known = len(post.mails)
        second = reached(ada, number, address)
        confirm(ada, second, code_after(post, known))
    ada.page("/account/contact", {"do": "rule", "method": second, "delay": "30"})
    incident, _ = paged(server, ada, path)
    link = re.findall(r"/acknowledge/\S+", said(post.mails[-1]))[0]
    anybody = Person(server, "nobody")
    assert "Say, as ada, that you have it" in anybody.page(link)
    assert server.rows("SELECT status FROM incidents_incident WHERE id = %s", incident) == [("triggered",)]
    assert "is acknowledged" in anybody.page(link, {})
    assert "it works once" in anybody.page(link, {})
    states = "SELECT DISTINCT state FROM notifications_message WHERE incident_id = %s AND kind = 'page' ORDER BY 1"
    until(lambda: server.rows(states, incident) == [("sent",), ("suppressed",)], "the call that waits to end")


def code_after(post: Post, known: int) -> str:
    """The code in the next mail after so many."""
    until(lambda: len(post.mails) > known, "the code")
    return str(re.findall(r"\b\d{6}\b", said(post.mails[-1]))[0])


def said(mail: str) -> str:
    """The words of a mail."""
    body = email.message_from_string(mail, policy=email.policy.default).get_body()
    assert body is not None
    return str(body.get_content())
