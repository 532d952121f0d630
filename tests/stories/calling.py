"""What a story of calling people needs: people with ways to reach them, a policy, incidents, and what vendors heard."""

from __future__ import annotations

import email
import email.policy
import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage
from threading import Barrier
from typing import Any

from tests.notifications.saying import settings_of
from tests.notifications.vendor import Post, Vendor
from tests.stories.people import Person, join
from tests.stories.replicas import Replicas
from tests.stories.running import until

PROJECT = "stories"
# Words without numbers: alerts that differ in a number alone sound like one, and would share an incident in a storm.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
Row = dict[str, Any]


@dataclass
class Cast:
    """Replicas, with three people and a source that stories share."""

    replicas: Replicas
    people: dict[str, Person]
    path: str
    numbers: Iterator[int] = field(default_factory=itertools.count)


def cast(replicas: Replicas) -> Cast:
    """Ada, Bob and Carol."""
    path = replicas.first.source("generic", f"{PROJECT}/production")
    return Cast(replicas, {name: join(replicas.first, name) for name in ("ada", "bob", "carol")}, path)


@dataclass
class Story:
    """One story: its name marks what it makes, and it begins with nobody reachable and no incident open."""

    name: str
    cast: Cast
    signals: dict[int, tuple[int, Row]] = field(default_factory=dict)
    at_end: ExitStack = field(default_factory=ExitStack)

    @property
    def replicas(self) -> Replicas:
        """The processes."""
        return self.cast.replicas

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        return self.replicas.first.rows(query, *parameters)

    def person(self, name: str) -> Person:
        """Somebody, at the first replica."""
        return self.cast.people[name]

    def elsewhere(self, name: str) -> Person:
        """The same, at the second one."""
        here = self.person(name)
        return Person(self.replicas.second, name, here.token, here.cookies)

    def channel(self, kind: str, suffix: str = "", **settings: str) -> int:
        """A channel that tells of nothing by itself."""
        given = {**settings_of(kind), **settings}
        name = f"{self.name} {kind}{suffix}"
        body = {"kind": kind, "name": name, "settings": given, "project": None, "audience": "nothing by itself"}
        number = int(self.person("ada").call("POST", "/channels", body)["id"])
        self.at_end.callback(self._pause, number)
        return number

    def pushes(self, vendor: Vendor, *people: str, after: int = 0, suffix: str = "") -> int:
        """A channel to a vendor over HTTP, by which these people are reached, each under their name."""
        number = self.channel("ntfy", suffix, url=vendor.url, topic="")
        for person in people:
            self.way(number, person, person, after)
        return number

    def mails(self, post: Post, *people: str, after: int = 0) -> int:
        """A channel to a mail server, by which these people are reached."""
        plain = {"host": "127.0.0.1", "port": str(post.port), "security": "none", "username": "", "password": ""}
        number = self.channel("email", **plain)
        for person in people:
            self.way(number, person, f"{person}@example.org", after)
        return number

    def way(self, channel: int, person: str, address: str, after: int | None = 0) -> None:
        """A way to reach somebody that was confirmed, used so many minutes after a call began (None: known, never used)."""
        [(method,)] = self.rows(
            "INSERT INTO notifications_contactmethod "
            "(user_id, channel_id, address, confirmed_at, created_at, code_hash, code_tries) "
            "SELECT id, %s, %s, clock_timestamp(), clock_timestamp(), '', 0 FROM accounts_user WHERE username = %s "
            "RETURNING id", channel, address, person,
        )  # fmt: skip
        if after is not None:
            rule = "INSERT INTO notifications_contactrule (method_id, delay_minutes, severities) VALUES (%s, %s, '[]')"
            self.rows(f"{rule} RETURNING id", method, after)

    def policy(self, *steps: str, holds: int = 0) -> Row:
        """Who is called about what begins from now on, as “person ada”, one a step, each of which waits for five minutes."""
        body = {"name": self.name, "steps": [step(each) for each in steps], "holds": holds}
        made: Row = self.person("ada").call("POST", "/escalation/policies", body)
        self.person("ada").call("PUT", "/escalation/choices", {"policy": made["slug"], "project": PROJECT})
        return made

    def signal(self, severity: str = "critical") -> int:
        """The incident that a signal opens; replicas take turns in hearing of them."""
        number = next(self.cast.numbers)
        word = hashlib.sha256(str(number).encode()).hexdigest()[:12].translate(_LETTERS)
        title = f"{word} fails"
        body = {"title": title, "severity": severity, "labels": {"namespace": word, "deployment": word}}
        self._post(number, body)
        query = "SELECT id FROM incidents_incident WHERE title LIKE %s"
        [(incident,)] = until(lambda: self.rows(query, f"{title}:%"), f"an incident “{title}”")
        self.signals[incident] = (number, body)
        return int(incident)

    def _post(self, number: int, body: Row) -> None:
        server = (self.replicas.first, self.replicas.second)[number % 2]
        assert server.post(self.cast.path, body) == 202

    def messages(self, incident: int, query: str = "true") -> list[Row]:
        """The calls about an incident, in their order."""
        found = self.rows(
            "SELECT to_jsonb(m) || jsonb_build_object('who', u.username, 'channel', c.name) FROM notifications_message m "
            "JOIN accounts_user u ON u.id = m.user_id JOIN notifications_channel c ON c.id = m.channel_id "
            f"WHERE m.incident_id = %s AND m.kind IN ('page', 'nag') AND {query} ORDER BY m.id", incident,
        )  # fmt: skip
        return [row for (row,) in found]

    def timeline(self, incident: int, kind: str = "escalation") -> list[str]:
        """What the timeline says of a kind, oldest first."""
        query = "SELECT text FROM incidents_timelineentry WHERE incident_id = %s AND kind = %s ORDER BY id"
        return [text for (text,) in self.rows(query, incident, kind)]

    def status(self, incident: int) -> str:
        """Its stage."""
        return str(self.rows("SELECT status FROM incidents_incident WHERE id = %s", incident)[0][0])

    def told(self, incident: int, *people: str) -> None:
        """Waits until exactly these people, in this order, were called, and nobody waits to be."""

        def look() -> bool:
            rows = self.messages(incident, "m.state <> 'suppressed'")
            return [row["who"] for row in rows] == [*people] and all(row["state"] == "sent" for row in rows)

        until(look, f"{', '.join(people)} to be called about {incident}")

    def over(self, incident: int) -> None:
        """Waits until nothing about an incident is to be sent any more."""
        until(
            lambda: not self.messages(incident, "m.state IN ('waiting', 'claimed')"), f"calls about {incident} to end"
        )

    def done(self, incident: int, to: str, **more: str) -> None:
        """Ada moves an incident to another stage."""
        self.person("ada").call("POST", f"/incidents/{incident}/status", {"to": to, **more})

    def _pause(self, channel: int) -> None:
        self.rows("UPDATE notifications_channel SET paused_at = clock_timestamp() WHERE id = %s RETURNING id", channel)

    def end(self) -> None:
        """Leaves a world in which nothing goes on."""
        self.rows("UPDATE notifications_contactmethod SET confirmed_at = NULL RETURNING id")
        for incident, (number, body) in self.signals.items():
            self._post(number, body | {"status": "resolved"})  # else it would come back while the clocks go on
            if self.status(incident) not in {"resolved", "postmortem", "closed"}:
                self.done(incident, "resolved", resolution="false alarm")
        self.at_end.close()


def step(target: str) -> Row:
    """A step of a policy as the API takes it."""
    to, name = target.split(" ", 1)
    return {"targets": [{"to": to, "name": name}], "wait": 5, "severities": [], "hours": "always"}


def pushed(vendor: Vendor, incident: int) -> list[str]:
    """Whom a vendor of pushes was asked to reach about an incident, in order; “again” after a name marks a repeat."""
    name = f"INC-{incident:03d}"
    bodies = [json.loads(body) for _, _, body in list(vendor.heard)]
    about = [body for body in bodies if name in body["title"]]
    return [f"{body['topic']} again" if body["title"].startswith("Repeat: ") else body["topic"] for body in about]


def mailed(post: Post, incident: int) -> list[EmailMessage]:
    """The mails about an incident, in order."""
    mails = [email.message_from_string(mail, policy=email.policy.default) for mail in list(post.mails)]
    return [mail for mail in mails if f"INC-{incident:03d}" in mail["Subject"]]


def link_in(mail: EmailMessage) -> str:
    """The link that acknowledges, as a path."""
    body = mail.get_body()
    assert body is not None
    found = re.search(r"/acknowledge/\S+", body.get_content())
    assert found is not None, body.get_content()
    return found[0]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Does things at the same moment; what came of each, in their order."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))
