"""Who else is at an incident, on its page."""

from __future__ import annotations

from django.test import Client

from tests.factories import make_user
from tocsin.incidents.models import Incident
from tocsin.incidents.presence import Presence


def other(name: str) -> Client:
    client = Client()
    client.force_login(make_user(name))
    return client


def test_each_hears_who_else_is_there(browser: Client, incident: Incident) -> None:
    address, bob = f"/incidents/{incident.pk}/presence", other("<b>bob")
    assert browser.post(address, {"doing": "reading"}).content.strip() == b""
    bob.post(address, {"doing": "writing"})
    assert "&lt;b&gt;bob is writing" in browser.post(address, {"doing": "reading"}).content.decode()
    assert "alice is here" in bob.post(address, {"doing": "nothing"}).content.decode()
    assert Presence.objects.get().person.username == "alice"


def test_viewers_are_seen_too(viewer: Client, browser: Client, incident: Incident) -> None:
    viewer.post(f"/incidents/{incident.pk}/presence", {"doing": "reading"})
    answer = browser.post(f"/incidents/{incident.pk}/presence", {"doing": "reading"})
    assert "victor is here" in answer.content.decode()


def test_nobody_is_at_what_is_not_there(browser: Client) -> None:
    assert browser.post("/incidents/77/presence", {"doing": "reading"}).status_code == 404
    assert not Presence.objects.exists()
