"""One request, as one of the people, and what became of it."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from tests.web.access.expectations import ANONYMOUS, FORBIDDEN, IN, LOGIN, LOOKER, UNSEEN
from tests.web.access.routes import API
from tests.web.access.world import World


def ask(world: World, person: str, method: str, address: str) -> Any:
    """The answer: a page to whoever has a session, the API to whoever shows a token."""
    client = Client(raise_request_exception=False)
    body: dict[str, Any] = {}
    if address.startswith(f"/{API}"):
        headers = {} if person == ANONYMOUS else {"Authorization": f"Bearer {world.tokens[person]}"}
        if method != "GET":
            body = {"data": json.dumps(world.body()), "content_type": "application/json"}
        return client.generic(method, address, headers=headers, **body)
    if person not in (ANONYMOUS, LOOKER):
        client.force_login(world.people[person])
    return client.post(address, world.body()) if method == "POST" else client.get(address)


def outcome(answer: Any) -> str:
    """What became of a request; an answer that is none (500) raises."""
    assert answer.status_code != 500, "an error of ours"
    if answer.status_code == 401 or (answer.status_code == 302 and answer["Location"].startswith("/login?next=")):
        return LOGIN
    return {403: FORBIDDEN, 404: UNSEEN}.get(answer.status_code, IN)


def text_of(answer: Any) -> str:
    """What was answered, headers and all, as text."""
    content = b"".join(answer) if answer.streaming else answer.content
    return f"{dict(answer.headers)} {content.decode(errors='replace')}"
