"""Somebody who works with a running Tocsin: logged in with a browser, and with a token for programs."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tests.stories.running import Tocsin

PASSWORD = "a long enough phrase"  # of nobody outside the story


@dataclass
class Person:
    """An admin."""

    server: Tocsin
    name: str
    token: str = ""
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def page(self, path: str, form: dict[str, str] | None = None) -> str:
        """A page; with a form, what posting it leads to."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        body = None
        if form is not None:
            tokens = [cookie.value or "" for cookie in self.cookies if cookie.name == "csrftoken"]
            body = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": tokens[0]}).encode()
        try:
            return str(browser.open(self.server.address + path, body).read().decode())
        except urllib.error.HTTPError as refused:
            return str(refused.read().decode())

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What /api/v1PATH answers."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        url = f"{self.server.address}/api/v1{path}"
        sent = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers, method=method)
        with urllib.request.urlopen(sent, timeout=30) as answer:
            return json.loads(answer.read())


def join(server: Tocsin, name: str) -> Person:
    """A new admin, logged in."""
    secret = server.folder / f"{name}.password"
    secret.write_text(PASSWORD)
    server.command("user", "add", name, "--role", "admin", "--password-file", str(secret))
    person = Person(server, name)
    person.page("/login")
    person.page("/login", {"username": name, "password": PASSWORD})
    made = person.page("/account/tokens", {"name": "story", "scope": "admin", "days": "90"})
    found = re.search(r'id="new-token">([^<]+)<', made)
    assert found is not None, made
    person.token = found[1]
    return person
